import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunId } from '../../../../src/preload/contract/common.ts'
import type { RunsEvents } from '../../../../src/preload/contract/runs.ts'
import { Keeper } from '../../../../src/main/runs/keeper.ts'
import { Recorder } from '../../../../src/main/runs/recorder.ts'
import { metricsOfRun } from '../../../../src/main/tracker/queries/metrics.ts'
import { addRun, findRun } from '../../../../src/main/tracker/queries/runs.ts'
import { Tracker } from '../../../../src/main/tracker/tracker.ts'
import { runRow } from '../../../helpers/run-row.ts'

let folder: string
let db: Tracker
let keeper: Keeper

/** From now on the tracker's file must not grow: SQLite itself says that the disk is full. */
function fill(): void {
  const { page_count: pages } = db.prepared('PRAGMA page_count').get() as { page_count: number } // SQLite's own column.
  db.prepared(`PRAGMA max_page_count = ${pages}`).get()
}

const free = (): unknown => db.prepared('PRAGMA max_page_count = 1000000').get()

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-keeper-'))
  db = new Tracker({ file: join(folder, 'a.sqlite'), backups: join(folder, 'backups') })
  addRun(db, runRow('r-1'))
  keeper = new Keeper(db)
})

afterEach(async () => {
  keeper.dispose()
  db.dispose()
  await rm(folder, { recursive: true, force: true })
})

describe('on a full disk', () => {
  const long = 'The disk is full. '.repeat(2000)

  test('what became of a run is known, and written once there is room', () => {
    fill()
    keeper.change('r-1', { state: 'failed', failure_message: long })
    keeper.change('r-1', { failure_code: 'disk-full' })
    expect(findRun(db, 'r-1')?.state).toBe('queued')
    expect(keeper.pending('r-1')).toEqual({ state: 'failed', failure_code: 'disk-full', failure_message: long })
    free()
    keeper.flush()
    expect(findRun(db, 'r-1')).toMatchObject({ state: 'failed', failure_code: 'disk-full', failure_message: long })
    expect(keeper.pending('r-1')).toEqual({})
  })

  test('points of a curve wait, and a person who asks is told why', () => {
    const listener = { curves: () => undefined, log: () => undefined }
    const recorder = new Recorder({ db, keeper, run: 'r-1' as RunId, metric: null, listener, onChange: () => undefined })
    const step = { event: 'step', totalSteps: 9000, epoch: 0, loss: 1, learningRate: 0.1, gradientNorm: 1, clipScale: 1 } as const
    fill()
    for (let n = 1; n <= 2000; n++) recorder.hear({ ...step, step: n, tokens: 8, seconds: 1, rssBytes: 5, ownBytes: 4 })
    recorder.flush()
    expect(metricsOfRun(db, 'r-1')).toEqual([])
    expect(() => keeper.demand(() => db.prepared('INSERT INTO run_log (run_id, at, text) VALUES (?, ?, ?)').run('r-1', 'now', long))).toThrow(
      /disk .* is full/
    )
    free()
    recorder.flush()
    expect(metricsOfRun(db, 'r-1')).toHaveLength(2000)
  })

  test('any other fault of the tracker is none to be waited out', () => {
    expect(() => keeper.attempt(() => db.prepared('INSERT INTO nowhere VALUES (1)').run())).toThrow('no such table')
  })
})

test('a second fold begins with empty curves and no best weights', () => {
  const rewound: (number | undefined)[] = []
  const listener = { curves: ({ rewoundTo }: RunsEvents['curves']) => void rewound.push(rewoundTo), log: () => undefined }
  const recorder = new Recorder({ db, keeper, run: 'r-1' as RunId, metric: 'f1', listener, onChange: () => undefined })
  const rows = { train: 8, validation: 2, test: 2 }
  const sizes = { trainable_parameters: 1, total_parameters: 1, predicted_rss_bytes: 1 }
  const begin = (fold: number): void =>
    recorder.hear({ event: 'started', device: 'cpu', run: join(folder, 'r-1-1', `fold-${fold}`), resumedFrom: null, rows, totalSteps: 4, ...sizes })
  const step = { event: 'step', totalSteps: 4, epoch: 0, loss: 1, learningRate: 0.1, gradientNorm: 1, clipScale: 1 } as const
  begin(1)
  for (let n = 1; n <= 4; n++) recorder.hear({ ...step, step: n, tokens: 8, seconds: 1, rssBytes: 5, ownBytes: 4 })
  recorder.hear({ event: 'evaluation', step: 4, epoch: 0, metric: 'f1', metrics: { f1: 0.6 }, isBest: true })
  recorder.flush()
  expect([metricsOfRun(db, 'r-1').length, findRun(db, 'r-1')?.best_value]).toEqual([4, 0.6])
  rewound.length = 0
  begin(2)
  recorder.flush()
  expect([metricsOfRun(db, 'r-1'), findRun(db, 'r-1')?.best_value, rewound]).toEqual([[], null, [0]])
})
