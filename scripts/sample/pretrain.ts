/**
 * Makes resources/sample/model: a small BERT encoder, pre-trained with this engine's own masked-lm task on text that corpus.ts authors, with a
 * WordPiece vocabulary trained on that text. Run with Node 24:
 *
 *   node scripts/sample/pretrain.ts [--out FOLDER] [--work FOLDER] [--share 0.05]
 *
 * Everything is drawn from fixed seeds. On two quiet cores it takes about half an hour.
 */
import { fork } from 'node:child_process'
import { createReadStream, existsSync } from 'node:fs'
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { architectures } from '../../src/main/engine/architectures/index.ts'
import { trainWordPiece } from '../../src/main/engine/text/train-wordpiece.ts'
import { openModelFolder } from '../../src/main/engine/training/model-folder.ts'
import { openCheckpoint, openSafetensors } from '../../src/main/engine/weights/checkpoint-folder.ts'
import { float32ToBfloat16 } from '../../src/main/engine/weights/float16.ts'
import { readTensor } from '../../src/main/engine/weights/read-tensor.ts'
import { writeSafetensors } from '../../src/main/engine/weights/safetensors.ts'
import { sourceOfArray } from '../../src/main/engine/weights/tensor-source.ts'
import { writeCorpus, type Mixture } from './corpus.ts'
import { startValues } from './start-weights.ts'

const seed = 7
const config = {
  architectures: ['BertForMaskedLM'],
  model_type: 'bert',
  vocab_size: 3584,
  hidden_size: 128,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  intermediate_size: 512,
  hidden_act: 'gelu',
  max_position_embeddings: 256,
  type_vocab_size: 2,
  hidden_dropout_prob: 0.1,
  attention_probs_dropout_prob: 0.1,
  initializer_range: 0.02,
  layer_norm_eps: 1e-12,
  pad_token_id: 0,
  tie_word_embeddings: true
}

const { values } = parseArgs({
  options: {
    /** Share of each stage's text that is used, for a trial. */
    share: { type: 'string', default: '1' },
    out: { type: 'string', default: 'resources/sample/model' },
    work: { type: 'string' }
  }
})
const work = values.work ?? join(tmpdir(), 'attune-pretrain')
const start = join(work, 'start')

/** Passages of the corpus file, one a line. */
async function passages(path: string): Promise<string[]> {
  const lines: string[] = []
  for await (const line of createInterface({ input: createReadStream(path) })) if (line.trim() !== '') lines.push(line)
  return lines
}

/** A model folder with random weights, to begin from. */
async function writeStart(texts: readonly string[]): Promise<void> {
  await mkdir(start, { recursive: true })
  await writeFile(
    join(start, 'tokenizer.json'),
    await trainWordPiece(texts, { vocabularySize: config.vocab_size, lowercase: true })
  )
  await writeFile(
    join(start, 'tokenizer_config.json'),
    `${JSON.stringify({ tokenizer_class: 'BertTokenizer', do_lower_case: true, model_max_length: config.max_position_embeddings, pad_token: '[PAD]', unk_token: '[UNK]', cls_token: '[CLS]', sep_token: '[SEP]', mask_token: '[MASK]' }, null, 2)}\n`
  )
  await writeFile(join(start, 'config.json'), `${JSON.stringify(config, null, 2)}\n`)
  const bert = architectures.find(({ id }) => id === 'bert')
  if (!bert) throw new Error('BERT is not among the architectures')
  const read = bert.readConfig(config, {})
  const settings = { width: config.hidden_size, heads: config.num_attention_heads, seed }
  const specs = [...bert.tensors(read), ...bert.heads['masked-lm'].tensors(read, 1)]
  const tensors = specs.map((spec) =>
    sourceOfArray({ name: spec.name, dtype: 'F32', shape: spec.shape }, startValues(spec, settings))
  )
  await writeSafetensors(join(start, 'model.safetensors'), tensors)
}

/** Runs one training configuration in the trainer process; returns the run's folder. */
function train(configFile: string): Promise<string> {
  const child = fork(join(import.meta.dirname, '../../src/main/worker/trainer.ts'), {
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' }
  })
  child.send({ kind: 'start', task: { kind: 'train', configFile, resume: false } })
  return new Promise((resolve, reject) => {
    child.on(
      'message',
      (event: {
        event: string
        step?: number
        totalSteps?: number
        loss?: number
        tokens?: number
        seconds?: number
        run?: string
        message?: string
        detail?: string
        metrics?: unknown
      }) => {
        if (event.event === 'step' && (event.step ?? 0) % 50 === 0)
          process.stdout.write(
            `step ${event.step}/${event.totalSteps} loss ${event.loss?.toFixed(3)} ${Math.round((event.tokens ?? 0) / (event.seconds ?? 1))} tokens/s\n`
          )
        if (event.event === 'evaluation') process.stdout.write(`${JSON.stringify(event.metrics)}\n`)
        if (event.event === 'finished') resolve(event.run ?? '')
        if (event.event === 'failed') reject(new Error(`${event.message}\n${event.detail}`))
      }
    )
    child.on('exit', (code) => code !== 0 && reject(new Error(`the trainer ended with ${code}`)))
  })
}

/** The trained weights as bf16, without the masked-lm head's extras beyond what BertForMaskedLM stores. */
async function writeModel(run: string, out: string): Promise<void> {
  const checkpoints = join(run, 'checkpoints')
  const best = (await readdir(checkpoints))
    .filter((name) => name.startsWith('best-'))
    .sort()
    .at(-1)
  if (best === undefined) throw new Error('the run has no best checkpoint')
  const trained = await openSafetensors(join(checkpoints, best, 'tensors.safetensors'))
  await rm(out, { recursive: true, force: true })
  await mkdir(out, { recursive: true })
  const tensors = await Promise.all(
    [...trained.tensors.keys()]
      .sort()
      .map(async (name) =>
        sourceOfArray(
          { name, dtype: 'BF16', shape: trained.tensors.get(name)?.shape ?? [] },
          float32ToBfloat16(await readTensor(trained, name))
        )
      )
  )
  await writeSafetensors(join(out, 'model.safetensors'), tensors, { metadata: { format: 'pt' } })
  for (const file of ['tokenizer.json', 'tokenizer_config.json']) await cp(join(start, file), join(out, file))
  await writeFile(join(out, 'config.json'), `${JSON.stringify({ ...config, dtype: 'bfloat16' }, null, 2)}\n`)
  const { checkpoint } = await openModelFolder(out)
  process.stdout.write(`${checkpoint.totalBytes} bytes of weights in ${(await openCheckpoint(out)).tensors.size} tensors\n`)
}

interface Helping {
  readonly megabytes: number
  readonly mixture: Mixture
}

/**
 * The text in order: whole passages for the shape of the language, then one statement at a time with a note on each, for what words mean, then
 * whole passages again. None repeats another. The learning rate stays up until the last helping, over which it falls to nothing; a run that is broken
 * off goes on after the last helping that was finished in its work folder.
 */
const helpings: readonly Helping[] = [
  { megabytes: 6, mixture: 'mixed' },
  { megabytes: 6, mixture: 'mixed' },
  { megabytes: 5, mixture: 'short' },
  { megabytes: 4, mixture: 'terse' },
  { megabytes: 4, mixture: 'terse' },
  { megabytes: 4, mixture: 'plain' },
  { megabytes: 4, mixture: 'plain' },
  { megabytes: 4, mixture: 'plain' },
  { megabytes: 5, mixture: 'whole' },
  { megabytes: 5, mixture: 'whole' },
  { megabytes: 5, mixture: 'close' },
  { megabytes: 7, mixture: 'close' }
]

/** Share of the tokens that are to be guessed: more where the texts are so short that a note is a large part of them. */
const shareHidden: Readonly<Record<Mixture, number>> = {
  mixed: 0.25,
  short: 0.25,
  terse: 0.4,
  plain: 0.4,
  whole: 0.3,
  close: 0.3
}

async function writeTexts({ megabytes, mixture }: Helping, drawn: number, name: string): Promise<string[]> {
  const path = join(work, `${name}.txt`)
  await writeCorpus(path, drawn, megabytes * Number(values.share) * 1e6, mixture)
  const texts = await passages(path)
  await writeFile(join(work, `${name}.jsonl`), texts.map((text) => `${JSON.stringify({ text })}\n`).join(''))
  return texts
}

await mkdir(work, { recursive: true })
for (const [i, helping] of helpings.entries()) {
  const isLast = i === helpings.length - 1
  const out = isLast ? values.out : join(work, `after-${i + 1}`)
  if (!isLast && existsSync(join(out, 'model.safetensors'))) continue
  const name = `helping-${i + 1}`
  const texts = await writeTexts(helping, seed + i, name)
  if (i === 0) await writeStart(texts)
  const settings = `task: masked-lm
model: ./${i === 0 ? 'start' : `after-${i}`}
data: { file: ${name}.jsonl, text: text, split: { train: 0.985, validation: 0.01, test: 0.005 } }
method: { type: full }
training: { num_train_epochs: 1, per_device_train_batch_size: ${helping.mixture === 'short' ? 64 : 32}, learning_rate: 1.0e-3, weight_decay: 0.01, adam_beta2: 0.98, lr_scheduler_type: ${isLast ? 'linear' : 'constant_with_warmup'}, warmup_ratio: ${i === 0 ? 0.2 : 0.03}, max_length: 192, seed: ${seed + i}, threads: ${i < 3 ? 2 : 1}, mlm_probability: ${shareHidden[helping.mixture]}, hidden_dropout_prob: 0.0, attention_probs_dropout_prob: 0.0, early_stopping: null, bootstrap_resamples: 0, baselines: false }
output: ./runs
`
  const file = join(work, `${name}.yaml`)
  await writeFile(file, settings)
  await writeModel(await train(file), out)
}
