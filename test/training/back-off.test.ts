import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StoppedError } from '../../src/main/base/errors.ts'
import { openRuntime } from '../../src/main/engine/runtime/index.ts'
import type { Program, Runtime } from '../../src/main/engine/runtime/port.ts'
import { feeds } from '../../src/main/engine/training/feeds.ts'
import { openAnswering } from '../../src/main/worker/open-answering.ts'
import { predictFile } from '../../src/main/worker/predict-run.ts'
import type { TrainerEvent } from '../../src/main/worker/protocol.ts'
import { hostedAttune } from '../helpers/hosted-attune.ts'
import { cramped } from '../helpers/cramped.ts'
import { makeTinyProject, type TinyProject } from '../helpers/tiny-project.ts'
import { eventsOf, finishedHere, trainHere, type TrainedHere } from '../helpers/train-here.ts'

let root: string
let project: TinyProject
let runtime: Runtime

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-back-off-'))
  project = await makeTinyProject(join(root, 'project'))
  runtime = await openRuntime({ threads: 1 })
})
afterAll(async () => {
  await runtime.dispose()
  await rm(root, { recursive: true, force: true })
})

/** A runtime without the memory for training batches of more than `rows` rows, from its run `from` on. */
const withRoomFor = (rows: number, from = 0): ReturnType<typeof cramped> =>
  cramped(runtime, { program: 'training_model', isRefused: (run, request) => run >= from && rowsOf(request) > rows })

const rowsOf = ({ inputs }: Parameters<Program['run']>[0]): number => inputs[feeds.inputIds]?.shape[0] ?? 0

/** Without dropout, whose masks depend on the batches. */
const training = {
  num_train_epochs: 2,
  per_device_train_batch_size: 16,
  learning_rate: 0.003,
  seed: 1,
  threads: 1,
  hidden_dropout_prob: 0,
  attention_probs_dropout_prob: 0,
  classifier_dropout: 0,
  early_stopping: null,
  baselines: false,
  bootstrap_resamples: 0
}

interface How {
  readonly stopAt?: number
  readonly resume?: boolean
  readonly method?: string
  readonly settings?: Readonly<Record<string, unknown>>
  readonly extra?: Readonly<Record<string, string>>
}

async function train(name: string, on: Runtime, how: How = {}): Promise<TrainedHere> {
  const { stopAt = Infinity, resume = false, method = '{ type: full }', settings = {}, extra = {} } = how
  const { classifier_dropout, bootstrap_resamples, ...ofAll } = training
  const own = extra['task'] === undefined ? { classifier_dropout, bootstrap_resamples } : {}
  const file = await project.config(name, { ...ofAll, ...own, ...settings }, { method, ...extra })
  return trainHere(file, { runtime: on, stopAt, resume, cacheFolder: join(root, `cache-${name}`) })
}

test('a step for which memory does not suffice is made again in smaller batches, and so are those that follow', async () => {
  const plain = await train('roomy', runtime)
  const small = withRoomFor(4, 3)
  const helped = await train('cramped', small.runtime)
  expect(small.refused()).toBe(2)
  const sentence = (rows: number): string =>
    `Memory ran out at step 4. It is made again, and all that follow, with at most ${rows} rows at a time: no row is left out and the steps stay as large, but they take longer.`
  expect(eventsOf(helped, 'smaller-batches')).toEqual(
    [8, 4].map((rows) => ({ event: 'smaller-batches', step: 3, rows, sentence: sentence(rows) }))
  )
  const losses = (ran: TrainedHere): number[] => eventsOf(ran, 'step').map(({ loss }) => loss)
  expect(losses(helped)).toHaveLength(losses(plain).length)
  // The same rows in every step, added up in another order.
  for (const [at, loss] of losses(plain).entries())
    expect(Math.abs((losses(helped)[at] ?? NaN) / loss - 1), `step ${at + 1}`).toBeLessThan(at < 3 ? 1e-12 : 2e-4)
  const report = JSON.parse(await readFile(join(String(finishedHere(helped)['run']), 'report.json'), 'utf8')) as {
    readonly data: { readonly notes: readonly string[] }
  }
  expect(report.data.notes).toEqual(expect.arrayContaining([sentence(8), sentence(4)]))
})

test('a run that is stopped goes on in the smaller batches, to the same bits', async () => {
  const whole = finishedHere(await train('whole', withRoomFor(4, 3).runtime))
  const stopped = await train('stopped', withRoomFor(4, 3).runtime, { stopAt: 6 })
  expect(stopped.outcome).toBeInstanceOf(StoppedError)
  const later = withRoomFor(4)
  const resumed = await train('stopped', later.runtime, { resume: true })
  expect(finishedHere(resumed)['weights_hash']).toBe(whole['weights_hash'])
  expect(later.refused()).toBe(0)
  expect(eventsOf(resumed, 'smaller-batches')).toEqual([])
})

test('a run for which memory does not suffice row by row ends with one sentence', async () => {
  const { events, outcome } = await train('hopeless', withRoomFor(0, 3).runtime)
  expect(outcome).toMatchObject({
    code: 'memory-short',
    message: expect.stringMatching(/^Memory ran out at step 4, and smaller batches did not help\. .*--resume/)
  })
  expect(events.flatMap((event) => (event.event === 'smaller-batches' ? [event.rows] : []))).toEqual([8, 4, 2, 1])
})

test('masked words are guessed in smaller batches: the same words, added up in another order', async () => {
  const how = { method: '{ type: full }', extra: { task: 'masked-lm', data: '{ file: data.csv, text: text }' } }
  const plain = await train('masked', runtime, how)
  const small = cramped(runtime, { program: 'eval_model', isRefused: (_, request) => rowsOf(request) > 5 })
  const helped = await train('masked-cramped', small.runtime, how)
  expect(small.refused()).toBe(eventsOf(helped, 'smaller-batches').length)
  expect(small.refused()).toBeGreaterThan(1)
  const looks = (ran: TrainedHere): number[] => eventsOf(ran, 'evaluation').map(({ metrics }) => metrics['loss'] ?? NaN)
  expect(looks(plain).length).toBeGreaterThan(0)
  for (const [at, loss] of looks(plain).entries()) expect(Math.abs((looks(helped)[at] ?? NaN) / loss - 1)).toBeLessThan(1e-6)
  expect(finishedHere(helped)['weights_hash']).toBe(finishedHere(plain)['weights_hash'])
})

/** A run as it was judged, without what differs from run to run. */
async function resultOf(ran: TrainedHere): Promise<unknown> {
  const { run, weights_hash } = finishedHere(ran)
  const report = JSON.parse(await readFile(join(String(run), 'report.json'), 'utf8')) as Record<string, unknown>
  return { weights_hash, evaluation: report['evaluation'], losses: eventsOf(ran, 'step').map(({ loss }) => loss) }
}

const told = (rows: number): string =>
  `Memory ran out while texts were answered. They are, from here on, with at most ${rows} rows at a time: the answers stay the same, but they take longer.`

test('an evaluation for which memory does not suffice is made in smaller batches, with the same results', async () => {
  const plain = await train('looked', runtime)
  const small = cramped(runtime, { program: 'eval_model', isRefused: (_, request) => rowsOf(request) > 5 })
  const helped = await train('looked-cramped', small.runtime)
  const sizes = eventsOf(helped, 'smaller-batches')
  expect(sizes.map(({ rows }) => rows).at(-1)).toBeLessThanOrEqual(5)
  expect(small.refused()).toBe(sizes.length)
  expect(sizes.map(({ sentence }) => sentence)).toEqual(sizes.map(({ rows }) => told(rows)))
  expect(await resultOf(helped)).toEqual(await resultOf(plain))
})

test('vectors of frozen layers and of the base model are computed in smaller batches, with the same results', async () => {
  const how = { method: '{ type: head }', settings: { baselines: true } }
  const plain = await train('frozen', runtime, how)
  const small = cramped(runtime, { program: 'prefix_model', isRefused: (_, request) => rowsOf(request) > 4 })
  const helped = await train('frozen-cramped', small.runtime, how)
  expect(small.refused()).toBeGreaterThan(1)
  expect(new Set(eventsOf(helped, 'smaller-batches').map(({ rows }) => rows))).toEqual(new Set([8, 4]))
  expect(await resultOf(helped)).toEqual(await resultOf(plain))
})

test('a file is answered in smaller batches, with the same answers, by a run and by its export; a note says so', async () => {
  const { run } = finishedHere(await train('answering', runtime)) as { run: string }
  const exported = join(root, 'answering-onnx')
  const { code, stderr } = await hostedAttune(['export', run, '--format', 'onnx', '--out', exported], {
    home: await mkdtemp(join(root, 'home-'))
  })
  expect(code, stderr).toBe(0)
  const { signal } = new AbortController()
  for (const [folder, program] of [
    [run, 'eval_model'],
    [exported, 'model.onnx']
  ] as const) {
    const answered = async (on: Runtime, name: string): Promise<{ text: string; notes: readonly string[] }> => {
      const notes: string[] = []
      const emit = (event: TrainerEvent): void => {
        if (event.event === 'note') notes.push(event.message)
      }
      const opened = await openAnswering({ folder, emit, signal, cacheFolderOf: () => join(root, 'cache-answering') }, () =>
        Promise.resolve(on)
      )
      const outFile = join(root, `${name}.csv`)
      await predictFile({ model: opened.model, dataFile: join(project.folder, 'more.csv'), outFile, signal, emit })
      await opened.dispose()
      return { text: await readFile(outFile, 'utf8'), notes }
    }
    const small = cramped(runtime, {
      program,
      isRefused: (_, { inputs }) => ((inputs[feeds.inputIds] ?? inputs['input_ids'])?.shape[0] ?? 0) > 4
    })
    const [plain, helped] = [await answered(runtime, `${program}-plain`), await answered(small.runtime, `${program}-helped`)]
    expect(small.refused()).toBeGreaterThan(0)
    // The library rewrites an exported graph, whose sums then depend on the shape of a batch in their last digits.
    const cells = plain.text.split(/[\n,]/)
    for (const [i, cell] of helped.text.split(/[\n,]/).entries()) {
      if (program === 'eval_model' || !cell.startsWith('0.')) expect(cell).toBe(cells[i])
      else expect(Math.abs(Number(cell) - Number(cells[i]))).toBeLessThan(1e-5)
    }
    expect(plain.notes).toEqual([])
    expect(helped.notes.at(-1)).toMatch(
      /^Memory ran out while texts were answered\. They are, from here on, with at most [34] rows at a time/
    )
  }
})

describe('memory that runs out while a step is applied', () => {
  const update = (isRefused: (run: number) => boolean): ReturnType<typeof cramped> =>
    cramped(runtime, { program: 'optimizer_model', isRefused, isTooLate: true })
  /** AdamW takes no memory to be applied (optimizers/adamw-walk.ts). */
  const optim = 'adam'
  /** Runs of the optimizer's program in one step, of which the last writes last. */
  let plain: TrainedHere
  let each: number
  beforeAll(async () => {
    const counted = { runs: 0 }
    plain = await train('applied', update(() => ++counted.runs < 0).runtime, { settings: { optim } })
    each = counted.runs / eventsOf(plain, 'step').length
    expect(Number.isInteger(each)).toBe(true)
  })

  test.each([
    { where: 'the beginning', settings: {}, from: 0 },
    { where: 'the last checkpoint', settings: { save_steps: 3 }, from: 3 }
  ])('is made good from $where: never half a step, the same bits at the end', async ({ settings, from }) => {
    const failing = update((run) => run === 5 * each - 1)
    const helped = await train(`applied-${from}`, failing.runtime, { settings: { optim, ...settings } })
    expect(failing.refused()).toBe(1)
    expect(eventsOf(helped, 'started').map(({ resumedFrom }) => resumedFrom)).toEqual([null, from])
    const { weights_hash } = finishedHere(helped)
    expect(weights_hash).toBe(finishedHere(plain)['weights_hash'])
    const notes = eventsOf(helped, 'note').filter(({ code }) => code === 'memory-back')
    expect(notes.map(({ message }) => message)).toEqual([expect.stringContaining('Memory ran out while step 5 was applied')])
    const lines = (await readFile(join(String(finishedHere(helped)['run']), 'metrics.jsonl'), 'utf8')).trim().split('\n')
    const steps = lines.map((line) => JSON.parse(line) as { event: string; step: number }).filter(({ event }) => event === 'step')
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, i) => i + 1))
  })

  test('twice ends the run at its last checkpoint, from which it goes on to the same bits', async () => {
    const failing = update((run) => run >= 5 * each)
    const settings = { optim, save_steps: 3 }
    const { outcome } = await train('applied-twice', failing.runtime, { settings })
    expect(outcome).toMatchObject({
      code: 'memory-short',
      message: expect.stringMatching(/^Memory ran out twice while a step was applied to the weights, .* at step \d+\. .*--resume/)
    })
    expect(failing.refused()).toBe(2)
    const resumed = await train('applied-twice', runtime, { settings, resume: true })
    expect(finishedHere(resumed)['weights_hash']).toBe(finishedHere(plain)['weights_hash'])
  })
})

test('a norm of gradients for which memory does not suffice is taken again', async () => {
  const failing = cramped(runtime, { program: 'gradient_norm', isRefused: (run) => run === 2 })
  const helped = await train('norm', failing.runtime)
  expect(failing.refused()).toBe(1)
  expect(await resultOf(helped)).toEqual(await resultOf(await train('norm-plain', runtime)))
})
