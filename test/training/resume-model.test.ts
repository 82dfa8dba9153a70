import { mkdtemp, open, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { InputError, StoppedError } from '../../src/main/base/errors.ts'
import { openRuntime } from '../../src/main/engine/runtime/index.ts'
import type { Runtime } from '../../src/main/engine/runtime/port.ts'
import { findCheckpoint } from '../../src/main/engine/training/checkpoints.ts'
import { loadNewestCheckpoint } from '../../src/main/engine/weights/run-checkpoint.ts'
import { makeTinyProject, type TinyProject } from '../helpers/tiny-project.ts'
import { eventsOf, finishedHere, trainHere, type TrainedHere } from '../helpers/train-here.ts'

let root: string
let project: TinyProject
let weights: string
let runtime: Runtime
let whole: unknown

const LEFT_AT = 6

/** A run with dropout. */
async function train(name: string, how: { readonly stopAt?: number; readonly resume?: boolean } = {}): Promise<TrainedHere> {
  const training = {
    ...{ num_train_epochs: 1, per_device_train_batch_size: 8, learning_rate: 0.003, seed: 1, threads: 1 },
    ...{ early_stopping: null, baselines: false, bootstrap_resamples: 0 }
  }
  return trainHere(await project.config(name, training, { method: '{ type: lora }' }), { runtime, ...how })
}

async function stopped(name: string): Promise<void> {
  const { outcome } = await train(name, { stopAt: LEFT_AT })
  expect(outcome).toBeInstanceOf(StoppedError)
}

const resumed = (name: string): Promise<TrainedHere> => train(name, { resume: true })

/** Turns the last bit of a weight in the middle of the file over. */
async function turnBit(): Promise<void> {
  await using file = await open(weights, 'r+')
  const at = Math.floor((await file.stat()).size / 2 / 4) * 4
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at)
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, at)
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-resume-model-'))
  project = await makeTinyProject(join(root, 'project'))
  weights = join(project.folder, 'model/model.safetensors')
  runtime = await openRuntime({ threads: 1 })
  whole = finishedHere(await train('whole'))['weights_hash']
})
afterAll(async () => {
  await runtime.dispose()
  await rm(root, { recursive: true, force: true })
})

test('a run goes on when the files of its model have other times and the same bytes, to the same bits', async () => {
  await stopped('touched')
  await utimes(weights, new Date('2020-01-01'), new Date('2020-01-02'))
  const later = await resumed('touched')
  expect(finishedHere(later)['weights_hash']).toBe(whole)
  expect(eventsOf(later, 'started').map(({ resumedFrom }) => resumedFrom)).toEqual([LEFT_AT])
})

test('a run does not go on when one bit of its model is another, and does once it is put back', async () => {
  await stopped('changed')
  await turnBit()
  const { outcome } = await resumed('changed')
  expect(outcome).toBeInstanceOf(InputError)
  expect(outcome).toMatchObject({
    code: 'resume-changed',
    message: expect.stringMatching(
      /was made with other settings, data or model\. Start a new run, or put them back as they were\.$/
    )
  })
  await turnBit()
  expect(finishedHere(await resumed('changed'))['weights_hash']).toBe(whole)
})

test('a checkpoint is gone on from under the plan of its own or of before, and under no other', async () => {
  await stopped('plans')
  const folder = join(project.folder, 'runs/plans-1')
  const { plan } = (await loadNewestCheckpoint(folder, 'step'))?.state as { readonly plan: string } // Written by saveArena.
  for (const plans of [[plan], ['other', plan]]) expect((await findCheckpoint(folder, plans))?.state.step).toBe(LEFT_AT)
  await expect(findCheckpoint(folder, ['other'])).rejects.toMatchObject({ code: 'resume-changed' })
})
