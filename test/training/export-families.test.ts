import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCheckpoint } from '../../src/main/engine/weights/checkpoint-folder.ts'
import { readTensor } from '../../src/main/engine/weights/read-tensor.ts'
import { writeSafetensors } from '../../src/main/engine/weights/safetensors.ts'
import type { CliEvent, CliRun } from '../helpers/attune.ts'
import { hostedAttune } from '../helpers/hosted-attune.ts'
import { families, familyConfig, kinds, makeFamilyProject, type Family, type Kind } from '../helpers/family-project.ts'

const classes: Readonly<Record<Family, string>> = {
  bert: 'BertForSequenceClassification',
  roberta: 'RobertaForSequenceClassification',
  distilbert: 'DistilBertForSequenceClassification',
  'xlm-roberta': 'XLMRobertaForSequenceClassification',
  camembert: 'CamembertForSequenceClassification'
}
const isWhole = process.env['ATTUNE_TEST_MATRIX'] === 'whole'
const problems: Readonly<Record<Kind, string>> = {
  single: 'single_label_classification',
  multi: 'multi_label_classification',
  regression: 'regression',
  pairs: 'single_label_classification'
}

let root: string
let home: string
let project: string

const run = (...words: readonly string[]): Promise<CliRun> => hostedAttune([...words, '--json'], { home })
const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-families-test-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeFamilyProject(join(root, 'project'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function trained(family: Family, kind: Kind, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const cli = await run('train', await familyConfig(project, family, kind, more))
  expect(last(cli), cli.stderr).toMatchObject({ event: 'finished' })
  return String(last(cli)['run'])
}

interface Replay {
  readonly rows: number
  readonly of: number
  readonly changed_rows: number
  readonly largest_logit: number
  readonly largest_logit_difference: number
}

/** How far apart logits are, of the largest; every tested row was replayed. */
function apart(finished: CliEvent): number {
  expect(finished).toMatchObject({ event: 'finished', replay: { changed_rows: 0 } })
  const replay = finished['replay'] as Replay
  expect(replay.rows).toBe(replay.of)
  expect(replay.rows).toBeGreaterThan(0)
  expect(replay.largest_logit).toBeGreaterThan(0.01)
  return replay.largest_logit_difference / Math.max(1, replay.largest_logit)
}

const kindNames = Object.keys(kinds) as Kind[] // As declared.
/**
 * A family is the encoder, a kind of question the head: neither is written otherwise because of the other. Each family and each kind is tried
 * once; ATTUNE_TEST_MATRIX=whole tries each with each.
 */
const matrix = families.flatMap((family, place) =>
  kindNames.map((kind) => [family, kind] as const).filter(([, kind]) => isWhole || kind === kindNames[place % kindNames.length])
)

describe.each(matrix)('%s × %s', (family, kind) => {
  let runFolder: string
  beforeAll(async () => {
    runFolder = await trained(family, kind)
  })

  async function verified(out: string): Promise<void> {
    const checked = last(await run('verify', out, '--data', join(project, `${kind}.csv`)))
    expect(checked).toMatchObject({ event: 'finished', metrics: expect.any(Object) })
  }

  test('leaves as a Hugging Face folder that answers as it was tested', async () => {
    const out = join(root, `${family}-${kind}`)
    const finished = last(await run('export', runFolder, '--format', 'huggingface', '--out', out))
    expect(apart(finished)).toBeLessThan(1e-5)
    const config: unknown = JSON.parse(await readFile(join(out, 'config.json'), 'utf8'))
    expect(config).toMatchObject({ architectures: [classes[family]], problem_type: problems[kind] })
    await verified(out)
  })

  test('leaves as one ONNX file that answers as it was tested', async () => {
    const out = join(root, `${family}-${kind}-onnx`)
    const finished = last(await run('export', runFolder, '--format', 'onnx', '--out', out))
    expect(finished).toMatchObject({ dtype: 'fp32' })
    expect(apart(finished)).toBeLessThan(1e-5)
    const { inputNames, outputNames } = await InferenceSession.create(join(out, 'model.onnx'))
    const types = family === 'bert' ? ['token_type_ids'] : []
    expect({ inputNames, outputNames }).toEqual({
      inputNames: ['input_ids', 'attention_mask', ...types],
      outputNames: ['logits']
    })
    await verified(out)
  })
})

describe.each(kindNames)('attune predict on an export of %s', (kind) => {
  test('answers as on the run: labels, calibration and thresholds come from its manifest', async () => {
    const runFolder = await trained('roberta', kind, { output: './again' })
    const out = join(root, `asked-${kind}`)
    await run('export', runFolder, '--format', 'huggingface', '--out', out)
    const data = join(project, `${kind}.csv`)
    const answersOf = async (folder: string, name: string): Promise<Record<string, unknown>[]> => {
      const file = join(root, name)
      expect(last(await run('predict', folder, '--data', data, '--out', file))).toMatchObject({ event: 'finished', rows: 90 })
      return (await readFile(file, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    }
    const ofRun = await answersOf(runFolder, `${kind}-run.jsonl`)
    const ofExport = await answersOf(out, `${kind}-export.jsonl`)
    for (const [i, { label, probabilities }] of ofExport.entries()) {
      if (kind === 'regression') expect(label).toBeCloseTo(Number(ofRun[i]!['label']), 2)
      else expect(label).toEqual(ofRun[i]!['label'])
      for (const [name, value] of Object.entries(probabilities ?? {}))
        expect(value).toBeCloseTo((ofRun[i]!['probabilities'] as Record<string, number>)[name]!, 4)
    }
    if (kind === 'regression') expect(Math.max(...ofExport.map(({ label }) => Number(label)))).toBeGreaterThan(100)
    if (kind === 'multi') expect(new Set(ofExport.map(({ label }) => JSON.stringify(label))).size).toBeGreaterThan(1)
  })
})

describe('an export whose element type cannot hold the model', () => {
  /** A copy of the tiny BERT whose embeddings are multiplied; the layer norm behind them takes most of it out again. */
  async function withEmbeddings(name: string, factor: number): Promise<void> {
    const folder = join(project, name)
    await cp(join(project, 'bert'), folder, { recursive: true })
    const checkpoint = await openCheckpoint(join(project, 'bert'))
    const tensors = await Promise.all(
      [...checkpoint.tensors].map(async ([tensor, { shape }]) => {
        const values = await readTensor(checkpoint, tensor)
        if (/embeddings\.\w+_embeddings/.test(tensor)) values.forEach((value, i) => (values[i] = value * factor))
        const bytes = new Uint8Array(values.buffer)
        return {
          name: tensor,
          dtype: 'F32' as const,
          shape,
          chunks: async function* () {
            yield bytes
          }
        }
      })
    )
    await rm(join(folder, 'model.safetensors'))
    await writeSafetensors(join(folder, 'model.safetensors'), tensors, { metadata: { format: 'pt' } })
  }

  const exported = (runFolder: string, name: string, dtype: string): Promise<CliRun> =>
    run('export', runFolder, '--format', 'huggingface', '--dtype', dtype, '--out', join(root, name))

  test('is refused and not kept where its answers differ: embeddings too small for fp16', async () => {
    await withEmbeddings('small', 3e-7)
    const model = await familyConfig(project, 'bert', 'single', { model: './small', method: '{ type: lora, r: 4 }' })
    await writeFile(join(project, 'small.yaml'), await readFile(model))
    const runFolder = String(last(await run('train', join(project, 'small.yaml')))['run'])
    const refused = await exported(runFolder, 'small-fp16', 'fp16')
    expect(refused.code).toBe(2)
    expect(last(refused)).toMatchObject({ event: 'failed', code: 'export-differs' })
    expect(String(last(refused)['message'])).toMatch(
      /logits differ by up to [\d.]+ \([\d.]+ allowed\).*Nothing was kept; export as fp32\./
    )
    expect((await readdir(root)).filter((name) => /small-fp16|writing/.test(name))).toEqual([])
    expect(last(await exported(runFolder, 'small-fp32', 'fp32'))).toMatchObject({
      event: 'finished',
      replay: { changed_rows: 0 }
    })
  })

  test('is refused and not kept where a weight is beyond fp16, and bf16 holds it', async () => {
    await withEmbeddings('large', 1e6)
    const model = await familyConfig(project, 'bert', 'single', { model: './large', method: '{ type: lora, r: 4 }' })
    await writeFile(join(project, 'large.yaml'), await readFile(model))
    const runFolder = String(last(await run('train', join(project, 'large.yaml')))['run'])
    const refused = last(await exported(runFolder, 'large-fp16', 'fp16'))
    expect(refused).toMatchObject({
      event: 'failed',
      code: 'export-range',
      message: expect.stringContaining('more than fp16 can hold')
    })
    expect((await readdir(root)).filter((name) => /large-fp16|writing/.test(name))).toEqual([])
    expect(last(await exported(runFolder, 'large-bf16', 'bf16'))).toMatchObject({ event: 'finished' })
  })
})
