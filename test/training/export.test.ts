import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCheckpoint, openSafetensors } from '../../src/main/engine/weights/checkpoint-folder.ts'
import type { CliEvent, CliRun } from '../helpers/attune.ts'
import { hostedAttune } from '../helpers/hosted-attune.ts'
import { makeTinyProject, type TinyProject } from '../helpers/tiny-project.ts'

const training = {
  num_train_epochs: 5,
  per_device_train_batch_size: 16,
  learning_rate: 0.003,
  early_stopping: null,
  bootstrap_resamples: 50,
  baselines: false
}

let root: string
let home: string
let project: TinyProject
let letters: string

const run = (...words: readonly string[]): Promise<CliRun> => hostedAttune([...words, '--json'], { home })
const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }

async function trained(name: string, extra: Readonly<Record<string, string>> = {}): Promise<string> {
  const cli = await run('train', await project.config(name, training, extra))
  expect(cli.stderr).toBe('')
  return join(project.folder, `runs/${name}-1`)
}

const exported = (runFolder: string, out: string, ...more: readonly string[]): Promise<CliRun> =>
  run('export', runFolder, '--format', 'huggingface', '--out', join(root, out), ...more)

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-export-test-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeTinyProject(join(root, 'project'))
  await writeFile(join(project.folder, 'model/LICENSE'), 'Apache License 2.0\n')
  letters = await trained('letters')
  await exported(letters, 'letters')
})

afterAll(() => rm(root, { recursive: true, force: true }))

describe('a merged Hugging Face folder', () => {
  test('holds labels, tokenizer, licence, card and manifest, and nothing else', async () => {
    const folder = join(root, 'letters')
    expect((await readdir(folder)).sort()).toEqual(
      [
        ...['LICENSE', 'README.md', 'config.json', 'datasheet.md', 'manifest.json', 'model.safetensors'],
        ...['report.html', 'tokenizer.json']
      ].sort()
    )
    expect(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))).toMatchObject({
      architectures: ['BertForSequenceClassification'],
      problem_type: 'single_label_classification',
      id2label: { 0: 'bad', 1: 'good', 2: 'odd' },
      label2id: { bad: 0, good: 1, odd: 2 },
      torch_dtype: 'float32'
    })
    const names = [...(await openCheckpoint(folder)).tensors.keys()]
    expect(names.filter((name) => name.includes('lora'))).toEqual([])
    expect(names).toContain('classifier.weight')
    const manifest = await readFile(join(folder, 'manifest.json'), 'utf8')
    expect(manifest).not.toContain(root)
    for (const line of (await readFile(join(project.folder, 'data.csv'), 'utf8')).split('\n').slice(1, 20))
      expect(manifest).not.toContain(line.split(',')[1])
  })

  test('answers the tested rows as the run did', async () => {
    const out = await exported(letters, 'again')
    expect(out.stderr).toBe('')
    const { replay } = last(out) as unknown as {
      replay: Record<string, number> & { before: Record<string, number>; after: Record<string, number> }
    }
    expect(replay).toMatchObject({ part: 'test', changed_rows: 0 })
    expect(replay['rows']).toBe(replay['of'])
    expect(replay['largest_logit_difference']).toBeLessThan(1e-5)
    expect(replay['largest_logit']).toBeGreaterThan(0.1)
    expect(Object.keys(replay.after)).toEqual(Object.keys(replay.before))
    for (const [name, value] of Object.entries(replay.before)) expect(replay.after[name], name).toBeCloseTo(value, 5)
  })

  test.each(['fp16', 'bf16'])('is written in %s within its own tolerance', async (dtype) => {
    const finished = last(await exported(letters, dtype, '--dtype', dtype))
    expect(finished).toMatchObject({ event: 'finished', dtype })
    const [tensor] = (await openCheckpoint(join(root, dtype))).tensors.values()
    expect(tensor?.dtype).toBe(dtype === 'fp16' ? 'F16' : 'BF16')
    expect((finished['replay'] as Record<string, number>)['largest_logit_difference']).toBeGreaterThan(1e-5)
  })

  test.each([
    ['full', '{ type: full }'],
    ['head', '{ type: head }'],
    ['rslora', '{ type: lora, r: 4, use_rslora: true, target_modules: all-linear, bias: lora_only }']
  ])('holds what %s learned', async (name, method) => {
    const finished = last(await exported(await trained(name, { method }), `of-${name}`))
    expect(finished).toMatchObject({ event: 'finished', replay: { changed_rows: 0 } })
  })

  test('of a regression answers in the unit of the data', async () => {
    const rows = (await readFile(join(project.folder, 'data.csv'), 'utf8')).split('\n')
    const scores = { bad: 210, good: 870, odd: 540 } as Readonly<Record<string, number>>
    const lines = rows.map((line, i) => {
      const [id, text, label = ''] = line.split(',')
      return line === '' ? '' : i === 0 ? 'id,text,score' : `${id},${text},${(scores[label] ?? 0) + (i % 7)}`
    })
    await writeFile(join(project.folder, 'scores.csv'), lines.join('\n'))
    const data = '{ file: scores.csv, text: text, label: score, id: id }'
    const finished = last(await exported(await trained('scores', { task: 'regression', data }), 'scores'))
    expect(finished).toMatchObject({ event: 'finished', replay: { changed_rows: 0 } })
    expect((finished['replay'] as Record<string, number>)['largest_logit']).toBeGreaterThan(200)
    expect(JSON.parse(await readFile(join(root, 'scores/config.json'), 'utf8'))).toMatchObject({ problem_type: 'regression' })
  })

  test('is refused where the folder is taken, the head is not transformers’ own, or the data changed; nothing is left', async () => {
    const taken = await exported(letters, 'letters')
    expect(taken.code).toBe(2)
    expect(last(taken)).toMatchObject({ code: 'export-exists' })
    const custom = await trained('custom', { head: '{ pooling: mean }' })
    expect(last(await exported(custom, 'custom'))).toMatchObject({ code: 'export-unsupported' })
    const data = join(project.folder, 'data.csv')
    const before = await readFile(data, 'utf8')
    await writeFile(data, before.replace('abba', 'baba'))
    expect(last(await exported(letters, 'changed'))).toMatchObject({ code: 'export-data-changed' })
    await writeFile(data, before)
    expect((await readdir(root)).filter((name) => /custom|changed|writing/.test(name))).toEqual([])
  })

  test('is not kept where the run answers otherwise than when it was tested', async () => {
    const copy = join(project.folder, 'runs/letters-copy')
    await cp(letters, copy, { recursive: true })
    const path = join(copy, 'predictions-test.json')
    const stored = JSON.parse(await readFile(path, 'utf8')) as { answers: number[] }
    stored.answers.reverse()
    await writeFile(path, JSON.stringify(stored))
    expect(last(await exported(copy, 'otherwise'))).toMatchObject({ code: 'export-run-changed' })
    expect(await readdir(root)).not.toContain('otherwise')
  })
})

describe('a PEFT adapter', () => {
  const adapter = (runFolder: string, out: string): Promise<CliRun> =>
    run('export', runFolder, '--format', 'peft', '--out', join(root, out))

  test('holds what LoRA learned by the names of PEFT, and answers on its base model as the run did', async () => {
    expect(last(await adapter(letters, 'adapter'))).toMatchObject({ event: 'finished', replay: { changed_rows: 0 } })
    const folder = join(root, 'adapter')
    const config = JSON.parse(await readFile(join(folder, 'adapter_config.json'), 'utf8')) as Record<string, unknown>
    expect(config).toMatchObject({ peft_type: 'LORA', task_type: 'SEQ_CLS', r: 4, base_model_name_or_path: 'model' })
    expect(config['modules_to_save']).toContain('classifier')
    const names = [...(await openSafetensors(join(folder, 'adapter_model.safetensors'))).tensors.keys()]
    expect(names).toContain('base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight')
    expect(names).toContain('base_model.model.classifier.weight')
    expect(last(await run('verify', folder))).toMatchObject({ event: 'finished' })
    const data = join(project.folder, 'data.csv')
    expect(last(await run('verify', folder, '--data', data))).toMatchObject({ code: 'verify-adapter' })
  })

  test('is refused for a run without one', async () => {
    const full = last(await adapter(await trained('whole', { method: '{ type: full }' }), 'none'))
    expect(full).toMatchObject({ code: 'export-unsupported' })
  })
})

describe('attune verify', () => {
  const verify = (folder: string, ...more: readonly string[]): Promise<CliRun> => run('verify', join(root, folder), ...more)
  const copied = async (name: string): Promise<string> => {
    await cp(join(root, 'letters'), join(root, name), { recursive: true })
    return join(root, name)
  }

  test('finds an export whole, and its metrics on the data as its manifest says', async () => {
    const finished = last(await verify('letters', '--data', join(project.folder, 'data.csv')))
    expect(finished).toMatchObject({ event: 'finished', files: 7, metrics: { accuracy: expect.any(Number) } })
    expect(last(await verify('letters', '--data', join(project.folder, 'more.csv')))).toMatchObject({ code: 'verify-data' })
  })

  const change = async (path: string, edit: (text: string) => string): Promise<void> => {
    const before = await readFile(path, 'latin1')
    const after = edit(before)
    expect(after).not.toBe(before)
    await writeFile(path, after, 'latin1')
  }
  const flipped = (text: string): string =>
    text.slice(0, -9) + String.fromCharCode(text.charCodeAt(text.length - 9) ^ 1) + text.slice(-8)

  test.each([
    ['one byte of the weights', 'verify-file', 'model.safetensors', flipped],
    [
      'one line of the manifest',
      'verify-manifest',
      'manifest.json',
      (text: string) => text.replace(/"rows": (\d)/, '"rows": 1$1')
    ],
    [
      'the order of labels',
      'verify-labels',
      'config.json',
      (text: string) =>
        text.replace('"0": "bad"', '"0": "x"').replace('"1": "good"', '"1": "bad"').replace('"0": "x"', '"0": "good"')
    ],
    ['a tokenizer file', 'verify-tokenizer', 'tokenizer.json', (text: string) => `${text} `]
  ] as const)('catches a change of %s', async (_what, code, file, edit) => {
    const folder = await copied(code)
    await change(join(folder, file), edit)
    const cli = await verify(code)
    expect(cli.code).toBe(2)
    expect(last(cli)).toMatchObject({ event: 'failed', code })
  })

  test('catches a file that is missing, one too many, and entries taken off the end', async () => {
    await rm(join(await copied('short'), 'README.md'))
    expect(last(await verify('short'))).toMatchObject({ code: 'verify-missing' })
    await writeFile(join(await copied('extra'), 'pytorch_model.bin'), '')
    expect(last(await verify('extra'))).toMatchObject({ code: 'verify-extra' })
    const path = join(await copied('cut'), 'manifest.json')
    const manifest = JSON.parse(await readFile(path, 'utf8')) as { entries: unknown[] }
    manifest.entries.pop()
    await writeFile(path, JSON.stringify(manifest))
    expect(last(await verify('cut'))).toMatchObject({ code: 'verify-signature' })
    expect(last(await verify('home'))).toMatchObject({ code: 'verify-no-manifest' })
  })
})
