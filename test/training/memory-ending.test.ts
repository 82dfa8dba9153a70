import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRuntime } from '../../src/main/engine/runtime/index.ts'
import type { Runtime } from '../../src/main/engine/runtime/port.ts'
import type { RoomReader } from '../../src/main/engine/training/memory-watch.ts'
import { makeTinyProject, type TinyProject } from '../helpers/tiny-project.ts'
import { eventsOf, finishedHere, trainHere } from '../helpers/train-here.ts'

let root: string
let project: TinyProject
let runtime: Runtime

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-ending-'))
  project = await makeTinyProject(join(root, 'project'))
  runtime = await openRuntime({ threads: 1 })
})
afterAll(async () => {
  await runtime.dispose()
  await rm(root, { recursive: true, force: true })
})

const training = {
  ...{ per_device_train_batch_size: 4, learning_rate: 0.003, seed: 1, threads: 1, early_stopping: null },
  ...{ baselines: false, bootstrap_resamples: 0, logging_steps: 1 }
}

/** Memory of which each step takes some. */
function leaking(start: number, fall: number): RoomReader {
  let left = start
  return { every: 0, read: () => Promise.resolve([{ what: 'machine', left: (left -= fall) }]) }
}

test('a run of single rows stops at a checkpoint before memory ends, and goes on from there to the same bits', async () => {
  const one = { ...training, per_device_train_batch_size: 1, max_steps: 40 }
  const file = await project.config('leak', one, { output: './runs/leak' })
  // Batches of one row cannot be cut.
  const stopped = await trainHere(file, { runtime, room: leaking(100e6, 5e6) })
  expect(stopped.outcome).toMatchObject({
    code: 'memory-ending',
    message:
      "The PC's memory was about to run out after step 15, and smaller batches do not help, so the run stopped there. Nothing is lost. Close other programs, then go on with --resume: a new process begins with little memory."
  })
  expect(eventsOf(stopped, 'checkpoint').at(-1)).toMatchObject({ step: 15, kind: 'last' })
  const resumed = await trainHere(file, { runtime, resume: true, room: leaking(100e6, 0) })
  expect(eventsOf(resumed, 'started')[0]).toMatchObject({ resumedFrom: 15 })
  const whole = await trainHere(await project.config('whole', one, { output: './runs/whole' }), { runtime })
  expect(finishedHere(resumed)['weights_hash']).toBe(finishedHere(whole)['weights_hash'])
})

test('batches are cut first, and again only where that gave memory back', async () => {
  const few = { ...training, max_steps: 60, hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 }
  const useless = await trainHere(await project.config('useless', few, { output: './runs/useless' }), {
    runtime,
    room: leaking(100e6, 5e6)
  })
  expect(useless.outcome).toMatchObject({ code: 'memory-ending' })
  expect(eventsOf(useless, 'smaller-batches')).toEqual([
    expect.objectContaining({
      rows: 2,
      sentence:
        "The PC's memory was about to run out before step 16. It is made, and all that follow, with at most 2 rows at a time: no row is left out and the steps stay as large, but they take longer."
    })
  ])
  // With half of the rows at once there is room enough.
  let cuts = 0
  let left = 100e6
  const room: RoomReader = { every: 0, read: () => Promise.resolve([{ what: 'limit', left: cuts > 0 ? 60e6 : (left -= 5e6) }]) }
  const file = await project.config('useful', few, { output: './runs/useful' })
  const useful = await trainHere(file, { runtime, room, onEvent: ({ event }) => (cuts += Number(event === 'smaller-batches')) })
  expect(finishedHere(useful)['steps']).toBe(60)
  expect(eventsOf(useful, 'smaller-batches')).toHaveLength(1)
})

test('a run that goes on in little memory is left alone', async () => {
  const file = await project.config('calm', { ...training, max_steps: 60 }, { output: './runs/calm' })
  let at = 0
  const room: RoomReader = { every: 0, read: () => Promise.resolve([{ what: 'card', left: 3e6 + 2e6 * (at++ % 3) }]) }
  const calm = await trainHere(file, { runtime, room })
  expect(finishedHere(calm)['steps']).toBe(60)
  expect(eventsOf(calm, 'smaller-batches')).toEqual([])
})
