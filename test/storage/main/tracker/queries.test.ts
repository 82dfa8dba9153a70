import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  addEvaluation,
  addMetricPoints,
  evaluationsOfRun,
  metricsOfRun,
  rewindMetrics,
  type MetricPoint
} from '../../../../src/main/tracker/queries/metrics.ts'
import {
  addLogLine,
  addRun,
  changeRun,
  enqueueRun,
  findRun,
  listRuns,
  logOfRun,
  markInterrupted,
  moveInQueue,
  removeRun,
  waitingRuns
} from '../../../../src/main/tracker/queries/runs.ts'
import { Tracker } from '../../../../src/main/tracker/tracker.ts'
import { runRow } from '../../../helpers/run-row.ts'

let folder: string
let db: Tracker

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-tracker-'))
  db = new Tracker({ file: join(folder, 'a.sqlite'), backups: join(folder, 'backups') })
})

afterEach(async () => {
  db.dispose()
  await rm(folder, { recursive: true, force: true })
})

const point = (step: number, loss: number | null = step): MetricPoint => ({
  step,
  loss,
  learningRate: 0.1,
  memoryBytes: 7,
  tokensPerSecond: 8
})

describe('runs', () => {
  test('wait in the order in which they were added, and are listed from the newest', () => {
    for (const id of ['r-1', 'r-2', 'r-3']) addRun(db, runRow(id))
    for (const id of ['r-2', 'r-1', 'r-3']) enqueueRun(db, id)
    expect(waitingRuns(db).map(({ id }) => id)).toEqual(['r-2', 'r-1', 'r-3'])
    changeRun(db, 'r-1', { queue_order: null })
    expect(waitingRuns(db).map(({ id }) => id)).toEqual(['r-2', 'r-3'])
    expect(listRuns(db).map(({ id }) => id)).toEqual(['r-3', 'r-2', 'r-1'])
  })

  test('change places in the queue', () => {
    for (const id of ['r-1', 'r-2', 'r-3']) addRun(db, runRow(id))
    for (const id of ['r-1', 'r-2', 'r-3']) enqueueRun(db, id)
    const order = (): string[] => waitingRuns(db).map(({ id }) => id)
    moveInQueue(db, 'r-3', 0)
    expect(order()).toEqual(['r-3', 'r-1', 'r-2'])
    moveInQueue(db, 'r-3', 9)
    expect(order()).toEqual(['r-1', 'r-2', 'r-3'])
    moveInQueue(db, 'r-9', 0)
    expect(order()).toEqual(['r-1', 'r-2', 'r-3'])
  })

  test('that were under way when the program ended are stopped; all others stay as they are', () => {
    const states = ['preparing', 'running', 'testing', 'queued', 'paused', 'finished', 'failed'] as const
    for (const [i, state] of states.entries()) addRun(db, runRow(`r-${i}`, { state }))
    expect(markInterrupted(db, 'pc-restarted')).toEqual(['r-0', 'r-1', 'r-2'])
    expect(states.map((_, i) => findRun(db, `r-${i}`)?.interruption ?? null)).toEqual([
      ...['pc-restarted', 'pc-restarted', 'pc-restarted'],
      ...[null, null, null, null]
    ])
    expect(states.map((_, i) => findRun(db, `r-${i}`)?.state)).toEqual([
      'stopped',
      'stopped',
      'stopped',
      'queued',
      'paused',
      'finished',
      'failed'
    ])
  })

  test('take their points, evaluations and log with them', () => {
    addRun(db, runRow('r-1'))
    addMetricPoints(db, 'r-1', [point(1)])
    addEvaluation(db, 'r-1', { step: 1, metrics: { loss: 1 }, isBest: true })
    addLogLine(db, 'r-1', { at: 'now', text: 'hello' })
    removeRun(db, 'r-1')
    expect([metricsOfRun(db, 'r-1'), evaluationsOfRun(db, 'r-1'), logOfRun(db, 'r-1')]).toEqual([[], [], []])
  })
})

describe('curves', () => {
  beforeEach(() => addRun(db, runRow('r-1')))

  test('come back by step, a loss that was not finite as null, a step told twice once', () => {
    addMetricPoints(db, 'r-1', [point(2), point(1), point(3, null)])
    addMetricPoints(db, 'r-1', [point(2, 9)])
    expect(metricsOfRun(db, 'r-1')).toEqual([point(1), point(2, 9), point(3, null)])
  })

  test('forget what a run that goes on makes again', () => {
    addMetricPoints(db, 'r-1', [point(1), point(2), point(3)])
    for (const step of [1, 3]) addEvaluation(db, 'r-1', { step, metrics: { macro_f1: step / 10, loss: 1 }, isBest: true })
    rewindMetrics(db, 'r-1', 2)
    expect(metricsOfRun(db, 'r-1').map(({ step }) => step)).toEqual([1, 2])
    expect(evaluationsOfRun(db, 'r-1')).toEqual([{ step: 1, metrics: { loss: 1, macro_f1: 0.1 }, isBest: true }])
  })

  test('are found by the key of their table, not by reading all of it', () => {
    const plan = db.prepared('EXPLAIN QUERY PLAN SELECT step FROM run_metrics WHERE run_id = ? ORDER BY step').all('r-1')
    expect(JSON.stringify(plan)).toMatch(/SEARCH run_metrics USING PRIMARY KEY/)
  })
})
