import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunId } from '../../../../src/preload/contract/common.ts'
import { Keeper } from '../../../../src/main/runs/keeper.ts'
import { poorerInSweep, savedBy } from '../../../../src/main/runs/pruning.ts'
import { Queue } from '../../../../src/main/runs/queue.ts'
import type { LiveEvent } from '../../../../src/main/runs/read-event.ts'
import { summaryOf } from '../../../../src/main/runs/summary.ts'
import type { TaskOptions } from '../../../../src/main/runs/supervisor.ts'
import { addEvaluation } from '../../../../src/main/tracker/queries/metrics.ts'
import { addRun, changeRun, findRun, logOfRun, markInterrupted, type RunRow } from '../../../../src/main/tracker/queries/runs.ts'
import { addSweep, runsOfSweep } from '../../../../src/main/tracker/queries/sweeps.ts'
import { Tracker } from '../../../../src/main/tracker/tracker.ts'
import type { Outcome } from '../../../../src/main/worker/protocol.ts'
import { runRow } from '../../../helpers/run-row.ts'

interface Task {
  readonly options: TaskOptions
  readonly end: (outcome: Outcome) => void
}

const stopped: Outcome = { event: 'failed', exitCode: 130, code: 'stopped', message: 'Stopped.', detail: 'asked' }

let folder: string
let db: Tracker
let queue: Queue
let tasks: Task[]

const row = (id: string): RunRow => findRun(db, id)!
const openTracker = (): Tracker => new Tracker({ file: join(folder, 'a.sqlite'), backups: join(folder, 'backups') })
const makeQueue = (): Queue =>
  new Queue({
    db,
    entry: 'trainer',
    runs: join(folder, 'runs'),
    runTask: (_task, options) =>
      new Promise((end) => {
        if (options.signal?.aborted) end(stopped)
        options.signal?.addEventListener('abort', () => end(stopped))
        tasks.push({ options, end })
      }),
    keeper: new Keeper(db),
    listener: { curves: () => undefined, log: () => undefined },
    power: { state: () => 'mains', follow: () => () => undefined },
    onChange: () => undefined,
    onRest: async () => undefined,
    onEnd: () => undefined,
    poorer: (each) => poorerInSweep(db, each, () => false),
    problemOf: async () => null
  })

const look = (epoch: number, value: number): LiveEvent => ({
  ...{ event: 'evaluation', step: 10 * epoch, epoch: epoch - 1, isBest: epoch === 1, metric: 'macro_f1' },
  metrics: { macro_f1: value, loss: 9 }
})
const step = (n: number): LiveEvent => ({
  ...{ event: 'step', step: n, totalSteps: 40, epoch: 0, loss: 0.7, learningRate: 0.1, gradientNorm: 1, clipScale: 1 },
  ...{ tokens: 10, seconds: 0.5 * n, rssBytes: 5, ownBytes: 4 }
})
const started: LiveEvent = {
  ...{ event: 'started', device: 'cpu', run: '/runs/r-4-1', resumedFrom: null, trainable_parameters: 1, total_parameters: 2 },
  ...{ rows: { train: 1, validation: 1, test: 1 }, totalSteps: 40, predicted_rss_bytes: 1 }
}

async function restart(): Promise<void> {
  await queue.dispose()
  db.dispose()
  db = openTracker()
  tasks = []
  queue = makeQueue()
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-early-'))
  db = openTracker()
  tasks = []
  addSweep(db, { id: 's-1', name: 'sweep', tried: 4, created_at: 'now', ends_early: 1, axes: ['training.learning_rate'] })
  const member = { best_metric: 'macro_f1', sweep_id: 's-1', is_tested: 0, total_steps: 40 }
  for (const [i, values] of [[0.5, 0.6, 0.7], [0.5, 0.7, 0.8], [0.5, 0.8, 0.9]].entries()) {
    addRun(db, runRow(`r-${i + 1}`, { ...member, state: 'finished', step: 40, best_value: values[2] ?? null, best_step: 40 }))
    values.forEach((value, at) => addEvaluation(db, `r-${i + 1}`, { step: 10 * (at + 1), metrics: { macro_f1: value, loss: 1 }, isBest: true }))
  }
  addRun(db, runRow('r-4', member))
  queue = makeQueue()
})

afterEach(async () => {
  await queue.dispose()
  db.dispose()
  await rm(folder, { recursive: true, force: true })
})

/** The fourth run up to its second look at the validation rows. */
async function trained(second: number): Promise<AbortSignal | undefined> {
  queue.add('r-4' as RunId)
  await expect.poll(() => tasks.length).toBe(1)
  const { options } = tasks[0]!
  for (const event of [started, step(10), look(1, 0.1), step(20), look(2, second)]) options.onEvent(event)
  return options.signal
}

const atRest = (): Promise<void> => expect.poll(() => row('r-4').state).toBe('stopped')

describe('a run of a sweep that ends poor ones', () => {
  test('is stopped at a checkpoint once it is poorer than half of the others, says so, and keeps its number', async () => {
    expect((await trained(0.65))?.aborted).toBe(true)
    await atRest()
    expect(row('r-4')).toMatchObject({
      ...{ interruption: 'poorer', failure_code: null, best_value: 0.1, queue_order: null },
      ...{ ended_step: 20, ended_value: 0.65, ended_median: 0.7, ended_others: 3 }
    })
    expect(logOfRun(db, 'r-4').at(-1)?.text).toMatch(
      /^Ended early at step 20: macro_f1 0\.650 at best so far, and half of 3 other runs had 0\.700 or better/
    )
    expect(summaryOf(row('r-4'), null, { tags: [], note: '' }).endedEarly).toEqual({
      ...{ metric: 'macro_f1', step: 20, value: 0.65, median: 0.7, others: 3 }
    })
    // The running mean of seconds: 0.5 for the first ten steps, then a tenth of the way to 1.
    expect(savedBy(runsOfSweep(db, 's-1'))).toEqual({ runs: 1, steps: 20, seconds: expect.closeTo(20 * 0.55) })
  })

  test('goes on where it is no poorer, and where its sweep ends none', async () => {
    expect((await trained(0.75))?.aborted).toBe(false)
    await restart()
    db.prepared("UPDATE sweeps SET ends_early = 0 WHERE id = 's-1'").run()
    expect((await trained(0.65))?.aborted).toBe(false)
  })

  test('is judged by the curves of the tracker: a restart of the application changes nothing', async () => {
    queue.add('r-4' as RunId)
    await expect.poll(() => tasks.length).toBe(1)
    for (const event of [started, step(10), look(1, 0.1)]) tasks[0]!.options.onEvent(event)
    await restart()
    markInterrupted(db, 'program-ended')
    expect((await trained(0.65))?.aborted).toBe(true)
    await atRest()
    expect(row('r-4').interruption).toBe('poorer')
  })

  test('that was resumed is not ended again, even after another restart', async () => {
    await trained(0.65)
    await atRest()
    queue.resume(row('r-4'))
    expect(row('r-4')).toMatchObject({ interruption: null, ended_step: 20 })
    expect(savedBy(runsOfSweep(db, 's-1'))).toBeNull()
    await restart()
    queue.add('r-4' as RunId)
    await expect.poll(() => tasks.length).toBe(1)
    const { options } = tasks[0]!
    for (const event of [{ ...started, resumedFrom: 20 }, step(30), look(3, 0.1)]) options.onEvent(event)
    expect(options.signal?.aborted).toBe(false)
  })

  test('that the person stops at the same time stands as they wished', async () => {
    queue.add('r-4' as RunId)
    await expect.poll(() => tasks.length).toBe(1)
    const { options } = tasks[0]!
    for (const event of [started, step(10), look(1, 0.1), step(20)]) options.onEvent(event)
    queue.pause(row('r-4'))
    options.onEvent(look(2, 0.65))
    await expect.poll(() => row('r-4').state).toBe('paused')
    expect(row('r-4')).toMatchObject({ interruption: null, ended_step: null })
  })

  test('is not compared with runs of another length, with those in the bin, nor with those judged by another metric', async () => {
    const isPoorer = (): boolean => poorerInSweep(db, row('r-4'), () => false) !== null
    await trained(0.65)
    await atRest()
    changeRun(db, 'r-4', { ended_step: null })
    expect(isPoorer()).toBe(true)
    const changes: readonly Partial<RunRow>[] = [
      { draft: JSON.stringify({ changed: { 'training.num_train_epochs': 9 } }) },
      { discarded_at: 'now' },
      { best_metric: 'loss' }
    ]
    for (const change of changes) {
      changeRun(db, 'r-1', change)
      expect(isPoorer()).toBe(false)
      changeRun(db, 'r-1', { draft: null, discarded_at: null, best_metric: 'macro_f1' })
      expect(isPoorer()).toBe(true)
    }
    expect(runsOfSweep(db, 's-1')).toHaveLength(4)
  })

  test('whose time per step nobody knows says nothing of time saved', () => {
    const ended = runRow('r-5', { interruption: 'poorer', step: 10, total_steps: 40, ended_step_seconds: 2 })
    expect(savedBy([ended])).toEqual({ runs: 1, steps: 30, seconds: 60 })
    expect(savedBy([ended, { ...ended, ended_step_seconds: null }])).toEqual({ runs: 2, steps: 60, seconds: null })
  })
})
