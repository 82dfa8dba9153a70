import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StoppedError } from '../../src/main/base/errors.ts'
import { openRuntime } from '../../src/main/engine/runtime/index.ts'
import type { Runtime } from '../../src/main/engine/runtime/port.ts'
import type { RunReport } from '../../src/main/report/run-report.ts'
import { spentOn } from '../../src/main/report/spent.ts'
import { makeTinyProject, type TinyProject } from '../helpers/tiny-project.ts'
import { finishedHere, reportIn, trainHere } from '../helpers/train-here.ts'

let root: string
let project: TinyProject
let runtime: Runtime

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-cost-'))
  project = await makeTinyProject(join(root, 'project'))
  runtime = await openRuntime({ threads: 1 })
})
afterAll(async () => {
  await runtime.dispose()
  await rm(root, { recursive: true, force: true })
})

const training = {
  ...{ num_train_epochs: 1, per_device_train_batch_size: 16, learning_rate: 0.003, seed: 1, threads: 1, early_stopping: null },
  ...{ baselines: false, bootstrap_resamples: 0, logging_steps: 1 }
}
const data = (more: string): Readonly<Record<string, string>> => ({
  data: `{ file: data.csv, text: text, label: label, id: id${more} }`
})

/** What a report says that can be added up. */
const numbersOf = ({ run, cost, energy }: RunReport) => ({
  ...{ time: run.seconds, operations: cost?.operations, rows: cost?.rows, tokens: cost?.tokens, elapsed: cost?.elapsed },
  ...{ busy: cost?.busySeconds, low: energy?.low, high: energy?.high }
})

describe('the report of several trainings says what all of them took', () => {
  const cases = [
    ['seeds', { ...training, seeds: [1, 2] }, {}, ['seed-1', 'seed-2']],
    ['folds', training, data(', folds: 3'), ['fold-1', 'fold-2', 'fold-3']]
  ] as const
  test.each(cases)('%s', async (name, settings, extra, parts) => {
    const file = await project.config(name, settings, { ...extra, output: `./runs/${name}` })
    const folder = String(finishedHere(await trainHere(file, { runtime }))['run'])
    const each = (await Promise.all(parts.map((part) => reportIn(folder, part)))).map(numbersOf)
    const all = await reportIn(folder)
    expect(each.every(({ rows = 0, tokens = 0, elapsed = 0 }) => rows > 0 && tokens > 0 && elapsed > 0)).toBe(true)
    for (const [what, value] of Object.entries(numbersOf(all))) {
      const sum = each.reduce((total, one) => total + (one[what as keyof typeof one] ?? NaN), 0) // A key of the same shape.
      expect(value, what).toBeCloseTo(sum, 6)
    }
    expect((await spentOn(folder))?.cost.rows).toBe(all.cost?.rows)
  })

  test('shares of a learning curve', async () => {
    const file = await project.config(
      'curve',
      { ...training, bootstrap_resamples: 100 },
      { ...data(', learning_curve: true'), output: './runs/curve' }
    )
    const folder = String(finishedHere(await trainHere(file, { runtime }))['run'])
    const shares = await Promise.all(['share-1-8', 'share-1-4', 'share-1-2'].map((part) => reportIn(folder, part)))
    const rows = shares.reduce((sum, { cost }) => sum + (cost?.rows ?? NaN), 0)
    const { cost, data: facts } = await reportIn(folder)
    expect(cost?.rows).toBe(rows + facts.rows.train)
    expect((await spentOn(folder))?.cost.rows).toBe(cost?.rows)
  })
})

test('a run that was stopped and went on took what both processes took', async () => {
  const file = await project.config('stopped', training, { output: './runs/stopped' })
  const whole = await project.config('whole', training, { output: './runs/whole' })
  const stopped = await trainHere(file, { runtime, stopAt: 3 })
  expect(stopped.outcome).toBeInstanceOf(StoppedError)
  const folder = join(root, 'project/runs/stopped/stopped-1')
  const before = await spentOn(folder)
  expect(before?.cost.rows).toBe(48)
  const resumed = await reportIn(String(finishedHere(await trainHere(file, { runtime, resume: true }))['run']))
  const { cost } = await reportIn(String(finishedHere(await trainHere(whole, { runtime }))['run']))
  expect(resumed.cost).toMatchObject({ rows: cost?.rows, tokens: cost?.tokens, operations: cost?.operations, goesOn: false })
  // A checkpoint where it stopped, and one at its end.
  expect(resumed.cost?.waits?.disk).toBeGreaterThan(before?.cost.waits?.disk ?? Infinity)
  expect(resumed.cost?.waits?.rows).toBeGreaterThan(0)
  expect(resumed.cost?.elapsed).toBeGreaterThan(before?.cost.elapsed ?? Infinity)
  expect(resumed.energy?.busySeconds).toBeGreaterThan(before?.energy?.busySeconds ?? Infinity)
})

test('vectors and tokens of an earlier run are counted as spared, with the time that they took then', async () => {
  const head = { ...training, num_train_epochs: 2 }
  const costOf = async (name: string, learning_rate: number) => {
    const file = await project.config(name, { ...head, learning_rate }, { method: '{ type: head }', output: `./runs/${name}` })
    const { cost, data: facts } = await reportIn(String(finishedHere(await trainHere(file, { runtime }))['run']))
    return { reused: cost?.reused, rows: facts.rows.train + facts.rows.validation + facts.rows.test }
  }
  await rm(join(root, 'project/.cache'), { recursive: true, force: true })
  const first = await costOf('first', 0.003)
  const second = await costOf('second', 0.004)
  const { rows } = first
  expect(first.reused).toMatchObject({ found: 0, texts: 0 })
  // Two epochs read each training row twice; validation reads its rows at least as often.
  expect(first.reused?.passes).toBeGreaterThan(rows / 2)
  expect(second.reused).toMatchObject({ found: rows, texts: rows, passes: (first.reused?.passes ?? NaN) + rows })
  expect(second.reused?.seconds).toBeGreaterThan(first.reused?.seconds ?? Infinity)
  // Another number of threads takes another time.
  const other = await openRuntime({ threads: 2 })
  const file = await project.config('threads', { ...head, threads: 2 }, { method: '{ type: head }', output: './runs/threads' })
  const report = await reportIn(String(finishedHere(await trainHere(file, { runtime: other }))['run']))
  await other.dispose()
  expect(report.cost?.reused).toMatchObject({ found: rows, seconds: null })
})
