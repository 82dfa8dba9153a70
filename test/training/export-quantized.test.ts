import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCheckpoint } from '../../src/main/engine/weights/checkpoint-folder.ts'
import { readTensor } from '../../src/main/engine/weights/read-tensor.ts'
import { writeSafetensors } from '../../src/main/engine/weights/safetensors.ts'
import type { CliEvent, CliRun } from '../helpers/attune.ts'
import { hostedAttune } from '../helpers/hosted-attune.ts'
import { families, familyConfig, makeFamilyProject } from '../helpers/family-project.ts'
import { makeTinyProject, tinyTable, type TinyProject } from '../helpers/tiny-project.ts'

const training = {
  num_train_epochs: 4,
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

async function trained(name: string, extra: Readonly<Record<string, string>> = {}, more: object = {}): Promise<string> {
  const data = '{ file: many.csv, text: text, label: label, id: id }'
  const cli = await run('train', await project.config(name, { ...training, ...more }, { data, ...extra }))
  expect(cli.stderr).toBe('')
  return join(project.folder, `runs/${name}-1`)
}

const exported = (runFolder: string, format: string, out: string, ...more: readonly string[]): Promise<CliRun> =>
  run('export', runFolder, '--format', format, '--out', join(root, out), ...more)

type Json = Readonly<Record<string, unknown>>
const replayOf = (cli: CliRun): Json & { readonly loss: Record<string, number> } =>
  last(cli)['replay'] as Json & { readonly loss: Record<string, number> }

async function factOf(out: string, kind: string): Promise<Json | undefined> {
  const { entries } = JSON.parse(await readFile(join(root, out, 'manifest.json'), 'utf8')) as {
    readonly entries: readonly Json[]
  }
  return entries.find((fact) => fact['kind'] === kind)
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-quantized-test-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeTinyProject(join(root, 'project'))
  await writeFile(join(project.folder, 'many.csv'), tinyTable(600, 3))
  // Sure of its answers: a run that guesses loses points by chance.
  letters = await trained('letters', { method: '{ type: full }' }, { num_train_epochs: 15 })
})

afterAll(() => rm(root, { recursive: true, force: true }))

describe.each([
  ['onnx-int8', [], { weights: 'int8', activations: 'dynamic', calibration: null }],
  ['onnx-int8', ['--quantization', 'static'], { weights: 'int8', activations: 'static' }],
  ['onnx-int4', [], { weights: 'int4', activations: 'float32', calibration: null }]
] as const)('an export as %s %s', (format, flags, quantization) => {
  const out = [format, ...flags].join('-')
  const data = (): string => join(project.folder, 'many.csv')

  test('is kept where it is worth as much, and says what it lost', async () => {
    const cli = await exported(letters, format, out, ...flags)
    expect(cli.stderr).toBe('')
    const replay = replayOf(cli)
    expect(replay).toMatchObject({ part: 'test', tolerance: { rounding: format.slice(5) } })
    expect(replay['largest_logit_difference']).toBeGreaterThan(1e-4)
    expect(replay.loss['lost']).toBeLessThanOrEqual(replay.loss['allowed'] ?? 0)
    const [before, after] = [replay['before'], replay['after']] as Record<string, number>[]
    expect(replay.loss['lost']).toBeCloseTo((before?.['macro_f1'] ?? 0) - (after?.['macro_f1'] ?? 0), 9)
    expect(await factOf(out, 'quantization')).toMatchObject(quantization)
    expect((await readdir(join(root, out))).filter((name) => name.endsWith('.data'))).toEqual([])
  })

  test('is measured again by whoever has the data, and no longer fits where a byte changed', async () => {
    const measured = last(await run('verify', join(root, out), '--data', data()))
    expect(measured).toMatchObject({ event: 'finished' })
    expect((measured['metrics'] as Json)['macro_f1']).toBeGreaterThan(0.5)
    const copy = join(root, `${out}-changed`)
    await cp(join(root, out), copy, { recursive: true })
    const model = await readFile(join(copy, 'model.onnx'))
    model[Math.floor(model.length / 2)] = (model[Math.floor(model.length / 2)] ?? 0) ^ 1
    await writeFile(join(copy, 'model.onnx'), model)
    const changed = await run('verify', copy)
    expect(changed.code).toBe(2)
    expect(last(changed)).toMatchObject({ code: 'verify-file' })
  })
})

test('of a regression is judged by its mean absolute error, in the unit of the data', async () => {
  const worth = { bad: 210, good: 870, odd: 540 } as Readonly<Record<string, number>>
  const lines = tinyTable(600, 3)
    .trim()
    .split('\n')
    .slice(1)
    .map((line, i) => {
      const [id, text, label = ''] = line.split(',')
      return `${id},${text},${(worth[label] ?? 0) + (i % 7)}`
    })
  await writeFile(join(project.folder, 'scores.csv'), ['id,text,score', ...lines, ''].join('\n'))
  const data = '{ file: scores.csv, text: text, label: score, id: id }'
  const extra = { task: 'regression', data, method: '{ type: full }' }
  const scores = await trained('scores', extra, { num_train_epochs: 10 })
  const replay = replayOf(await exported(scores, 'onnx-int8', 'scores'))
  expect(replay.loss).toMatchObject({ metric: 'mae', allowed: 0.05 })
  const [before, after] = [replay['before'], replay['after']] as Record<string, number>[]
  const [was = 0, is = 0] = [before?.['mae'], after?.['mae']]
  expect(was).toBeGreaterThan(10)
  expect(replay.loss['lost']).toBeCloseTo((is - was) / was, 9)
  const verified = await run('verify', join(root, 'scores'), '--data', join(project.folder, 'scores.csv'))
  expect(last(verified)).toMatchObject({ event: 'finished' })
})

describe.each(families)('a regression of %s', (family) => {
  test('is near its run in each form', async () => {
    const own = await makeFamilyProject(join(root, `project-${family}`))
    const made = last(await run('train', await familyConfig(own, family, 'regression')))
    expect(made).toMatchObject({ event: 'finished' })
    const forms = [['onnx-int8'], ['onnx-int8', '--quantization', 'static'], ['onnx-int4']] as const
    for (const [at, [format, ...flags]] of forms.entries()) {
      const replay = replayOf(await exported(String(made['run']), format, `${family}-${at}`, ...flags))
      expect(replay.loss).toMatchObject({ metric: 'mae' })
      expect(replay['largest_logit_difference']).toBeGreaterThan(0)
      expect(replay['largest_logit_difference']).toBeLessThan(0.1 * Number(replay['largest_logit']))
    }
  })
})

describe('ranges', () => {
  test('are measured on validation rows, which leave no trace but their hash', async () => {
    const { calibration } = (await factOf('onnx-int8---quantization-static', 'quantization')) as { readonly calibration: Json }
    expect(calibration).toMatchObject({ part: 'validation' })
    expect(calibration['rows']).toBe(calibration['of'])
    const tested = await factOf('onnx-int8---quantization-static', 'data')
    expect(calibration['hash']).not.toBe(tested?.['tested'])
    expect(calibration['hash']).toMatch(/^[0-9a-f]{64}$/)
  })

  test('cannot be measured where there are no validation rows', async () => {
    const split = '{ file: many.csv, text: text, label: label, id: id, split: { train: 0.7, validation: 0, test: 0.3 } }'
    const unvalidated = await trained('unvalidated', { data: split }, { eval_strategy: 'no', num_train_epochs: 1 })
    const cli = await exported(unvalidated, 'onnx-int8', 'unvalidated', '--quantization', 'static')
    expect(last(cli)).toMatchObject({ code: 'export-uncalibrated' })
    expect((await readdir(root)).filter((name) => /unvalidated/.test(name))).toEqual([])
  })

  test('belong to onnx-int8 alone', async () => {
    expect(last(await exported(letters, 'onnx', 'usage', '--quantization', 'static'))).toMatchObject({ code: 'usage' })
    expect(last(await exported(letters, 'onnx-int8', 'usage', '--quantization', 'guessed'))).toMatchObject({ code: 'usage' })
  })
})

/**
 * A model that answers as before in float32, and loses nearly everything in few bits: of what attention and the wide layer hand on, one number is made
 * 2^16 times smaller, and the column that it meets that much larger, so that the others' weights round to zero beside it. ReLU lets the factor pass.
 */
async function makeBrittle(): Promise<void> {
  const [from, to] = [join(project.folder, 'model'), join(project.folder, 'brittle')]
  await cp(from, to, { recursive: true })
  const config = JSON.parse(await readFile(join(from, 'config.json'), 'utf8')) as Json
  await writeFile(join(to, 'config.json'), JSON.stringify({ ...config, hidden_act: 'relu' }))
  const checkpoint = await openCheckpoint(from)
  const weights = new Map<string, { readonly shape: readonly number[]; readonly values: Float32Array }>()
  for (const [name, { shape }] of checkpoint.tensors) weights.set(name, { shape, values: await readTensor(checkpoint, name) })
  const factor = 2 ** 16
  const scaleRow = (name: string): void => {
    const { shape, values } = weights.get(name) ?? { shape: [], values: new Float32Array() }
    const width = shape[1] ?? 1
    for (let i = 0; i < width; i++) values[i] = (values[i] ?? 0) / factor
  }
  const scaleColumn = (name: string): void => {
    const { shape, values } = weights.get(name) ?? { shape: [], values: new Float32Array() }
    for (let i = 0; i < values.length; i += shape[1] ?? values.length) values[i] = (values[i] ?? 0) * factor
  }
  for (const layer of [...weights.keys()].flatMap(
    (name) => /^(.*layer\.\d+)\.intermediate\.dense\.weight$/.exec(name)?.[1] ?? []
  )) {
    for (const part of ['weight', 'bias']) {
      scaleRow(`${layer}.attention.self.value.${part}`)
      scaleRow(`${layer}.intermediate.dense.${part}`)
    }
    scaleColumn(`${layer}.attention.output.dense.weight`)
    scaleColumn(`${layer}.output.dense.weight`)
  }
  for (const name of await readdir(to)) if (name.endsWith('.safetensors')) await rm(join(to, name))
  const tensors = [...weights].map(([name, { shape, values }]) => ({
    ...{ name, dtype: 'F32' as const, shape },
    chunks: () => [new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]
  }))
  await writeSafetensors(join(to, 'model.safetensors'), tensors)
}

describe('an export that lost too much', () => {
  test.each(['onnx-int8', 'onnx-int4'])('as %s is refused in one sentence, and nothing is kept', async (format) => {
    await makeBrittle()
    const brittle = (await stat(join(project.folder, 'runs/brittle-1')).catch(() => null))
      ? join(project.folder, 'runs/brittle-1')
      : await trained('brittle', { model: './brittle', method: '{ type: head }' })
    expect(last(await exported(brittle, 'onnx', `brittle-${format}-float`))).toMatchObject({ event: 'finished' })
    const refused = await exported(brittle, format, `brittle-${format}`)
    expect(refused.code).toBe(2)
    expect(last(refused)).toMatchObject({ code: 'export-differs' })
    expect(String(last(refused)['message'])).toMatch(
      new RegExp(
        `^${format.slice(5)} changed \\d+ of \\d+ answers and lost [\\d.]+ points of macro-F1 \\([23] allowed\\)\\. Nothing was kept; export as fp16\\.$`
      )
    )
    expect((await readdir(root)).filter((name) => name.startsWith(`brittle-${format}`))).toEqual([`brittle-${format}-float`])
  })
})
