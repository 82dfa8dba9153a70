import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configHash, learningRateNote, parseRunConfig, readRunConfig } from '../../../../src/main/config/run-config.ts'
import { toYaml } from '../../../../src/main/config/to-yaml.ts'

const head = `task: text-classification            # or regression, or masked-lm
model: ./models/MiniLM-L6            # a Hugging Face folder: config.json, *.safetensors (or sharded index), tokenizer.json
`
const tail = `method: { type: lora, r: 8, lora_alpha: 16, lora_dropout: 0.0, target_modules: [query, value] }   # or { type: full }, { type: head }, …
training: { num_train_epochs: 3, per_device_train_batch_size: 16, learning_rate: 5.0e-4, weight_decay: 0.01, warmup_ratio: 0.06, lr_scheduler_type: linear,
            max_length: 256, gradient_accumulation_steps: 1, max_grad_norm: 1.0, label_smoothing_factor: 0, class_weights: none, optim: adamw, seed: 1,
            early_stopping: { metric: macro_f1, patience: 3 } }          # early_stopping: null turns it off
output: ./runs
`
const oneFile =
  'data: { file: notes.csv, text: text, label: label, group: patient_id, split: { train: 0.7, validation: 0.15, test: 0.15 } }\n'
const twoFiles = 'data: { train: train.csv, test: test.csv, text: text, label: label, group: source }\n'

/** A short run.yaml: `training` and `more` are YAML, `task` picks the columns that it needs. */
function short({ task = 'text-classification', data = '', method = 'full', training = '{}', more = '' } = {}): string {
  const label = task === 'masked-lm' ? '' : ', label: answer'
  return `task: ${task}\nmodel: m\ndata: { file: a.csv, text: words${label}${data} }\nmethod: { type: ${method} }\ntraining: ${training}\n${more}`
}

const parse = (text: string) => parseRunConfig(text, 'run.yaml')

describe('the documented example', () => {
  it('reads as it is written, with every default filled in', () => {
    const config = parse(head + oneFile + tail)
    expect(config).toMatchObject({
      task: 'text-classification',
      problem_type: 'single_label_classification',
      model: './models/MiniLM-L6',
      output: './runs',
      data: { file: 'notes.csv', text: 'text', label: 'label', group: 'patient_id', train: null, text_pair: null },
      head: { pooling: 'default', hidden_sizes: [], init: 'default' }
    })
    expect(config.data.split).toEqual({ train: 0.7, validation: 0.15, test: 0.15 })
    expect(config.method).toEqual({
      type: 'lora',
      from_adapter: null,
      adapter_labels: [],
      r: 8,
      lora_alpha: 16,
      lora_dropout: 0,
      target_modules: ['query', 'value'],
      use_rslora: false,
      loraplus_lr_ratio: null,
      rank_pattern: null,
      alpha_pattern: null,
      layers_to_transform: null,
      modules_to_save: [],
      bias: 'none',
      init_lora_weights: true
    })
    expect(config.training).toMatchObject({
      num_train_epochs: 3,
      learning_rate: 5e-4,
      warmup_ratio: 0.06,
      max_length: 256,
      loss: 'cross_entropy',
      seed: 1,
      metric_for_best_model: 'macro_f1',
      early_stopping: { metric: 'macro_f1', patience: 3, threshold: 0 },
      cache: { prefix: true, budget: 4e9 }
    })
  })

  it('reads with files that are split already; validation is then cut from train', () => {
    const config = parse(head + twoFiles + tail)
    expect(config.data).toMatchObject({ file: null, train: 'train.csv', test: 'test.csv', validation: null, group: 'source' })
    expect(config.data.split).toEqual({ train: 0.85, validation: 0.15, test: 0 })
  })

  it('gives the same run as JSON, tabs and all', () => {
    const json =
      '{\n\t"task": "masked-lm", "model": "m",\n\t"data": { "file": "a.csv", "text": "words" },\n\t"method": { "type": "full" }\n}'
    expect(parseRunConfig(json, 'run.json')).toEqual(parse(short({ task: 'masked-lm' })))
  })
})

describe('defaults that depend on other options', () => {
  it.each([
    ['full', 5e-5],
    ['last_n', 5e-5],
    ['bitfit', 5e-4],
    ['lora', 5e-4],
    ['head', 1e-3]
  ])('the learning rate of %s is %d', (method, rate) => {
    expect(parse(short({ method })).training.learning_rate).toBe(rate)
  })

  it.each([
    ['{}', 0.06],
    ['{ warmup_steps: 10 }', 0],
    ['{ lr_scheduler_type: constant }', 0],
    ['{ lr_scheduler_type: slanted_triangular }', 0],
    ['{ warmup_ratio: 0.2 }', 0.2]
  ])('the warm-up of %s is %d', (training, ratio) => {
    expect(parse(short({ training })).training.warmup_ratio).toBe(ratio)
  })

  it.each([
    ['text-classification', '', 'cross_entropy', 'macro_f1'],
    ['text-classification', ', label_separator: "|"', 'bce', 'macro_f1'],
    ['regression', '', 'mse', 'rmse'],
    ['masked-lm', '', 'cross_entropy', 'loss']
  ])('%s%s learns by %s and is judged by %s', (task, data, loss, metric) => {
    const { training } = parse(short({ task, data }))
    expect(training.loss).toBe(loss)
    expect(training.metric_for_best_model).toBe(metric)
    expect(training.early_stopping?.metric).toBe(metric)
  })

  it('takes the one metric that is named for both purposes', () => {
    const named = parse(short({ training: '{ early_stopping: { metric: mcc } }' })).training
    expect(named.metric_for_best_model).toBe('mcc')
    const best = parse(short({ training: '{ metric_for_best_model: ece }' })).training
    expect(best.early_stopping?.metric).toBe('ece')
    const off = parse(short({ training: '{ metric_for_best_model: ece, early_stopping: null }' })).training
    expect(off.early_stopping).toBeNull()
    expect(off.metric_for_best_model).toBe('ece')
  })

  it.each([
    ['file: a', { train: 0.7, validation: 0.15, test: 0.15 }],
    ['train: a', { train: 0.7, validation: 0.15, test: 0.15 }],
    ['train: a, test: b', { train: 0.85, validation: 0.15, test: 0 }],
    ['train: a, validation: b', { train: 0.85, validation: 0, test: 0.15 }],
    ['train: a, validation: b, test: c', { train: 1, validation: 0, test: 0 }]
  ])('data { %s } is split %o', (files, split) => {
    const text = `task: masked-lm\nmodel: m\ndata: { ${files}, text: t }\nmethod: { type: full }`
    expect(parse(text).data.split).toEqual(split)
  })

  it('reads a class_weights map, sizes in words and YAML that looks like a boolean', () => {
    const training =
      '{ class_weights: { yes: 2, 1: 0.5, constructor: 3 }, memory_limit: 1.5 GiB, eval_strategy: no, early_stopping: null }'
    const read = parse(short({ training })).training
    expect(read.class_weights).toEqual({ yes: 2, '1': 0.5, constructor: 3 })
    expect(read.memory_limit).toBe(1.5 * 2 ** 30)
    expect(read.eval_strategy).toBe('no')
  })
})

describe('readRunConfig', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-config-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('takes relative paths from the folder of the file', async () => {
    const path = join(folder, 'run.yaml')
    await writeFile(
      path,
      'task: masked-lm\nmodel: ../m\ndata: { train: a.csv, test: /data/b.csv, text: t }\nmethod: { type: full }\noutput: ~/runs'
    )
    const config = await readRunConfig(path)
    expect(config.model).toBe(join(folder, '../m'))
    expect(config.data).toMatchObject({ train: join(folder, 'a.csv'), test: '/data/b.csv', file: null, validation: null })
    expect(config.output).toBe(join(homedir(), 'runs'))
  })

  it('reads a file that starts with a byte order mark', async () => {
    const path = join(folder, 'bom.yaml')
    await writeFile(path, `\ufeff${short()}`)
    expect((await readRunConfig(path)).task).toBe('text-classification')
  })

  it('refuses what is no readable text file', async () => {
    await writeFile(join(folder, 'utf16.yaml'), Buffer.from(short(), 'utf16le').fill(0xff, 0, 2))
    await writeFile(join(folder, 'large.yaml'), Buffer.alloc(2 ** 20 + 1, ' '))
    const missing = join(folder, 'missing.yaml')
    await expect(readRunConfig(missing)).rejects.toThrow(
      `${missing} cannot be read. There is no such file: check its name and folder.`
    )
    await expect(readRunConfig(join(folder, 'utf16.yaml'))).rejects.toThrow(
      'utf16.yaml is not UTF-8 text. Name the run.yaml itself, and save it with the encoding UTF-8.'
    )
    await expect(readRunConfig(join(folder, 'large.yaml'))).rejects.toThrow('large.yaml is larger than 1 MiB')
    await expect(readRunConfig(folder)).rejects.toMatchObject({ name: 'InputError' })
  })
})

describe('configHash', () => {
  const hash = (text: string) => configHash(parse(text))

  it('stays the same when defaults are written out, keys change places or files move', () => {
    const base = hash(short())
    expect(base).toMatch(/^[0-9a-f]{64}$/)
    expect(hash(short({ training: '{ warmup_ratio: 0.06, seed: 42, loss: auto }' }))).toBe(base)
    expect(hash(short().split('\n').toReversed().join('\n'))).toBe(base)
    expect(hash(short().replace('model: m', 'model: elsewhere').replace('a.csv', 'b.csv'))).toBe(base)
    expect(hash(short({ more: 'output: other' }))).toBe(base)
  })

  it('changes with whatever changes the results', () => {
    const changed = [
      short({ training: '{ seed: 2 }' }),
      short({ method: 'bitfit' }),
      short({ data: ', group: g' }),
      short().replace('file: a.csv', 'train: a.csv'),
      short({ task: 'regression' }),
      short()
    ]
    expect(new Set(changed.map(hash)).size).toBe(changed.length)
  })
})

describe('toYaml', () => {
  it('names only what differs from the defaults', () => {
    expect(toYaml(parse(head + oneFile + tail))).toBe(
      `task: text-classification
model: ./models/MiniLM-L6
data:
  file: notes.csv
  text: text
  label: label
  group: patient_id
method:
  type: lora
  target_modules:
    - query
    - value
training:
  max_length: 256
  seed: 1
`
    )
  })

  it.each([
    ['the example', head + oneFile + tail],
    ['the example with two files', head + twoFiles + tail],
    ['null for early stopping', short({ training: '{ early_stopping: null }' })],
    ['a metric', short({ training: '{ early_stopping: { metric: mcc, patience: 5 } }' })],
    ['the best metric without early stopping', short({ training: '{ metric_for_best_model: mcc, early_stopping: null }' })],
    ['warm-up in steps', short({ training: '{ warmup_steps: 7 }' })],
    ['no warm-up', short({ training: '{ warmup_ratio: 0 }' })],
    ['text that looks like something else', short({ data: ', group: "null", id: "1.0"' })],
    ['class weights', short({ training: '{ class_weights: { "no": 2, "#a: b": 1, "1": 3 } }' })],
    [
      'parameter groups',
      short({
        training: '{ parameter_groups: [{ modules: [a], lr_scheduler_type: cosine, lr_scheduler_kwargs: { num_cycles: 2 } }] }'
      })
    ]
  ])('gives back the same run: %s', (_name, text) => {
    const config = parse(text)
    expect(parse(toYaml(config))).toEqual(config)
  })
})

describe('learningRateNote', () => {
  it('speaks up outside of the usual range of the method alone', () => {
    expect(learningRateNote(parse(short({ method: 'head' })), 110e6)).toBeNull()
    expect(learningRateNote(parse(short({ training: '{ learning_rate: 0.01 }' })), 110e6)).toBe(
      'The learning rate 0.01 is higher than usual for full (0.000001 to 0.0001). The model may forget what it knows.'
    )
    expect(learningRateNote(parse(short({ method: 'lora', training: '{ learning_rate: 1.0e-6 }' })), 110e6)).toContain(
      'may hardly learn'
    )
  })

  it('lets a very small model learn in larger steps', () => {
    const config = parse(short({ training: '{ learning_rate: 0.001 }' }))
    expect(learningRateNote(config, 1.3e6)).toBeNull()
    expect(learningRateNote(config, 22e6)).toContain('may forget what it knows')
  })
})
