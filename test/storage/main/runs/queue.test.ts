import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunId } from '../../../../src/preload/contract/common.ts'
import { Keeper } from '../../../../src/main/runs/keeper.ts'
import type { PowerState } from '../../../../src/preload/contract/supervision.ts'
import { poorerInSweep } from '../../../../src/main/runs/pruning.ts'
import { Queue } from '../../../../src/main/runs/queue.ts'
import type { Outcome } from '../../../../src/main/worker/protocol.ts'
import type { TaskOptions } from '../../../../src/main/runs/supervisor.ts'
import { metricsOfRun } from '../../../../src/main/tracker/queries/metrics.ts'
import { addRun, findRun, logOfRun, type RunRow } from '../../../../src/main/tracker/queries/runs.ts'
import { Tracker } from '../../../../src/main/tracker/tracker.ts'
import type { TrainerTask } from '../../../../src/main/worker/protocol.ts'
import { runRow } from '../../../helpers/run-row.ts'

interface Task {
  readonly task: TrainerTask
  readonly options: TaskOptions
  readonly end: (outcome: Outcome) => void
}

let folder: string
let db: Tracker
let queue: Queue
let tasks: Task[]

const stopped: Outcome = { event: 'failed', exitCode: 130, code: 'stopped', message: 'Stopped.', detail: 'asked' }
const finished: Outcome = { event: 'finished', metrics: { test: { macro_f1: { value: 0.5, low: 0.4, high: 0.6 } } } }
const crashed: Outcome = {
  event: 'failed',
  exitCode: 1,
  code: 'trainer-crashed',
  message: 'The trainer stopped unexpectedly (signal SIGKILL). The run stands at step 2; go on with --resume.',
  detail: 'killed'
}
const row = (id: string): RunRow => findRun(db, id)!
const states = (): string[] => ['r-1', 'r-2', 'r-3'].map((id) => row(id).state)
/** Until nothing has changed for five looks, however busy the machine is. */
async function settled(): Promise<void> {
  for (let calm = 0, before = ''; calm < 5; ) {
    await new Promise((done) => setTimeout(done, 25))
    const now = JSON.stringify([states(), tasks.length])
    calm = now === before ? calm + 1 : 0
    before = now
  }
}

let powerState: PowerState = 'mains'
let powerChanged: () => void = () => undefined
const power = {
  state: () => powerState,
  follow: (listener: () => void) => {
    powerChanged = listener
    return () => undefined
  }
}
const setPower = (next: PowerState): void => {
  powerState = next
  powerChanged()
}
const makeQueue = (): Queue =>
  new Queue({
    db,
    entry: 'trainer',
    runs: join(folder, 'runs'),
    runTask: (task, options) =>
      new Promise((end) => {
        if (options.signal?.aborted) end(stopped)
        options.signal?.addEventListener('abort', () => end(stopped))
        options.killSignal?.addEventListener('abort', () => end(stopped))
        tasks.push({ task, options, end })
      }),
    keeper: new Keeper(db),
    listener: { curves: () => undefined, log: () => undefined },
    power,
    onChange: () => undefined,
    onRest: async () => undefined,
    onEnd: () => undefined,
    poorer: (row) => poorerInSweep(db, row, () => false),
    problemOf: async () => null
  })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-queue-'))
  db = new Tracker({ file: join(folder, 'a.sqlite'), backups: join(folder, 'backups') })
  tasks = []
  powerState = 'mains'
  for (const id of ['r-1', 'r-2', 'r-3']) addRun(db, runRow(id, { best_metric: 'macro_f1' }))
  queue = makeQueue()
})

afterEach(async () => {
  await queue.dispose()
  db.dispose()
  await rm(folder, { recursive: true, force: true })
})

const addAll = async (): Promise<void> => {
  for (const id of ['r-1', 'r-2', 'r-3']) queue.add(id as RunId)
  await settled()
}

describe('the queue', () => {
  test('runs one at a time, in the order of arrival', async () => {
    await addAll()
    expect(states()).toEqual(['preparing', 'queued', 'queued'])
    expect(tasks.map(({ task }) => task)).toEqual([{ kind: 'train', configFile: '/c/r-1.yaml', resume: false }])
    tasks[0]?.end(finished)
    await settled()
    expect(states()).toEqual(['finished', 'preparing', 'queued'])
    expect(row('r-1')).toMatchObject({ test_metric: 'macro_f1', test_value: 0.5, test_low: 0.4, test_high: 0.6 })
  })

  test('pauses what trains at its place and what waits where it is, and resumes from the run’s folder', async () => {
    await addAll()
    queue.pause(row('r-2'))
    queue.pause(row('r-1'))
    await settled()
    expect(states()).toEqual(['paused', 'paused', 'preparing'])
    await mkdir(join(folder, 'runs/r-1-1'), { recursive: true })
    await writeFile(join(folder, 'runs/r-1-1/run.json'), '{}')
    queue.resume(row('r-1'))
    tasks[1]?.end(finished)
    await settled()
    expect(tasks[2]?.task).toMatchObject({ configFile: '/c/r-1.yaml', resume: true })
    expect(() => queue.resume(row('r-1'))).toThrow('cannot be resumed now')
  })

  test('says what happened to a run whose trainer was killed, lets it resume, and goes on with the next', async () => {
    await addAll()
    tasks[0]?.end(crashed)
    await settled()
    expect(row('r-1')).toMatchObject({ state: 'failed', failure_code: 'trainer-crashed' })
    expect(row('r-1').failure_message).toBe(
      'The trainer stopped unexpectedly (signal SIGKILL). The run stands at step 2. Nothing up to there is lost: resume it.'
    )
    expect(logOfRun(db, 'r-1').at(-1)?.text).toBe(row('r-1').failure_message)
    expect(states()).toEqual(['failed', 'preparing', 'queued'])
    queue.resume(row('r-1'))
    expect(row('r-1').state).toBe('queued')
  })

  test('records the steps and takes the state from what the trainer does', async () => {
    await addAll()
    const hear = tasks[0]!.options.onEvent
    hear({ event: 'started', device: 'cpu', run: '/runs/r-1-1', resumedFrom: null, trainable_parameters: 1, total_parameters: 2, rows: { train: 1, validation: 1, test: 1 }, totalSteps: 2, predicted_rss_bytes: 1 })
    hear({ event: 'progress', phase: 'validating', done: 0, total: 0 })
    expect(row('r-1').state).toBe('preparing')
    hear({ event: 'step', step: 1, totalSteps: 2, epoch: 0, loss: 0.7, learningRate: 0.1, gradientNorm: 1, clipScale: 1, tokens: 10, seconds: 2, rssBytes: 5, ownBytes: 4 })
    expect(row('r-1')).toMatchObject({ state: 'running', folder: '/runs/r-1-1', total_steps: 2, device: 'cpu' })
    expect(queue.liveOf('r-1')).toMatchObject({ secondsLeft: 2, step: 1 })
    hear({ event: 'evaluation', step: 1, epoch: 0, metric: 'macro_f1', metrics: { macro_f1: 0.4 }, isBest: true })
    hear({ event: 'progress', phase: 'testing', done: 0, total: 0 })
    expect(row('r-1')).toMatchObject({ state: 'testing', best_value: 0.4, best_step: 1 })
    tasks[0]?.end(finished)
    await settled()
    expect(metricsOfRun(db, 'r-1')).toEqual([{ step: 1, loss: 0.7, learningRate: 0.1, memoryBytes: 5, tokensPerSecond: 5 }])
  })

  test('asks a run that trains to finish, and brings back for it one that is paused', async () => {
    await addAll()
    queue.finish(row('r-1'))
    expect(tasks[0]?.options.finishSignal?.aborted).toBe(true)
    expect(() => queue.finish(row('r-2'))).toThrow('cannot be tested now')
    queue.pause(row('r-1'))
    await settled()
    db.prepared("UPDATE runs SET step = 5 WHERE id = 'r-1'").run()
    queue.finish(row('r-1'))
    for (const at of [1, 2]) {
      tasks[at]?.end(finished)
      await settled()
    }
    expect(tasks[3]?.task).toMatchObject({ configFile: '/c/r-1.yaml' })
    expect(tasks[3]?.options.finishSignal?.aborted).toBe(true)
  })

  test('works quietly: holds a run on battery, at its checkpoint, and goes on with it when plugged in', async () => {
    db.prepared("UPDATE runs SET is_quiet = 1 WHERE id <> 'r-3'").run()
    await addAll()
    expect(tasks[0]?.options.priority).toBe('low')
    setPower('battery')
    await settled()
    expect(row('r-1')).toMatchObject({ state: 'paused', interruption: 'battery' })
    expect(row('r-2')).toMatchObject({ state: 'paused', interruption: 'battery', queue_order: null })
    // One that need not be quiet goes on meanwhile.
    expect([row('r-3').state, tasks.at(-1)?.options.priority]).toEqual(['preparing', 'below'])
    setPower('mains')
    expect(states()).toEqual(['queued', 'queued', 'preparing'])
    expect(row('r-1').interruption).toBeNull()
  })

  test('lets a held run go on on battery when the person says so', async () => {
    db.prepared("UPDATE runs SET is_quiet = 1 WHERE id = 'r-1'").run()
    powerState = 'battery'
    queue.add('r-1' as RunId)
    expect(row('r-1')).toMatchObject({ state: 'paused', interruption: 'battery' })
    queue.resume(row('r-1'))
    expect(row('r-1').state).toBe('preparing')
  })

  test('starts no further run on a full disk, and forgets none', async () => {
    await addAll()
    tasks[0]?.end({ event: 'failed', exitCode: 2, code: 'disk-full', message: 'The disk is full.', detail: 'ENOSPC' })
    await settled()
    expect(states()).toEqual(['failed', 'queued', 'queued'])
    queue.resume(row('r-1'))
    expect(states()).toEqual(['queued', 'preparing', 'queued'])
  })

  test('stops at a checkpoint when the program ends; who waits still waits at the next start', async () => {
    await addAll()
    await queue.dispose()
    expect(states()).toEqual(['stopped', 'queued', 'queued'])
    expect(row('r-1').interruption).toBe('closed')
    queue = makeQueue()
    queue.next()
    expect(states()).toEqual(['stopped', 'preparing', 'queued'])
  })
})
