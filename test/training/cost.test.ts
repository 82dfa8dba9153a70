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
  const folder = join(root, 'project/runs/stopped/run-1')
  const before = await spentOn(folder)
  expect(before?.cost.rows).toBe(48)
  const resumed = await reportIn(String(finishedHere(await trainHere(file, { runtime, resume: true }))['run']))
  const { cost } = await reportIn(String(finishedHere(await trainHere(whole, { runtime }))['run']))
  expect(resumed.cost).toMatchObject({ rows: cost?.rows, tokens: cost?.tokens, operations: cost?.operations, goesOn: false })
  expect(resumed.cost?.elapsed).toBeGreaterThan(before?.cost.elapsed ?? Infinity)
  expect(resumed.energy?.busySeconds).toBeGreaterThan(before?.energy?.busySeconds ?? Infinity)
})
