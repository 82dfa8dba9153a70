import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Plans } from '../../../../src/main/runs/plans.ts'
import type { Drafting } from '../../../../src/main/runs/ports.ts'
import type { FinishedEvent } from '../../../../src/main/worker/protocol.ts'
import type { DatasetId, ModelId } from '../../../../src/preload/contract/common.ts'
import type { RunDraft, RunPlan } from '../../../../src/preload/contract/runs.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-plans-test-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const draft: RunDraft = {
  ...{ dataset: 'd' as DatasetId, model: 'm' as ModelId, thoroughness: 2, changed: {} },
  ...{ mustNotMiss: null, quietly: false, name: null }
}

/** The plan of a draft whose trainer would say so, where earlier runs with this model took 40 s on the processor. */
async function planOf(said: Omit<FinishedEvent, 'event'>, trainings = 1): Promise<RunPlan> {
  const never = (): Promise<never> => Promise.reject(new Error('Nobody asks for it.'))
  const drafting: Drafting = {
    ...{ settings: never, device: never, reading: never },
    yaml: async () => 'task: text-classification',
    facts: async () => ({
      ...{ task: 'text-classification', method: 'lora', metric: 'macro_f1', batchSize: 16, accumulation: 1 },
      trainings
    })
  }
  const folder = (name: string): string => join(root, name)
  const plans = new Plans({
    ...{ entry: '', drafting, purposeOf: () => 'research', secondsFor: (_draft, device) => (device === 'cpu' ? { seconds: 40, spread: 10 } : null) },
    folders: { runs: root, configurations: root, temporary: folder('temporary'), bin: root },
    runTask: async () => ({ event: 'finished', predicted_rss_bytes: 1, tokens_per_epoch: 10, settings: { epochs: 1 }, ...said })
  })
  return plans.plan(draft)
}

describe('the plan of a draft', () => {
  test('has the estimate of the card that would compute it, for all of its trainings, and no time of other devices', async () => {
    const card = { needed_bytes: 1.5e9, free_bytes: 8e9, seconds_per_step: 0.1, expected_seconds: 20 }
    const plan = await planOf({ device: 'cuda', card }, 3)
    expect(plan.card).toEqual({ needed: 1.5e9, free: 8e9, seconds: 60 })
    expect(plan.time).toBeNull()
  })

  test('leaves out what the card does not tell, and a time where it was not tried', async () => {
    const card = { needed_bytes: 1.5e9, free_bytes: null, seconds_per_step: null, expected_seconds: null }
    expect((await planOf({ device: 'cuda', card })).card).toEqual({ needed: 1.5e9, free: null, seconds: null })
  })

  test('has none where the processor computes, and the time that earlier runs took', async () => {
    const { card, time } = await planOf({ device: 'cpu' })
    expect([card, time]).toEqual([null, { seconds: 40, spread: 10 }])
    expect((await planOf({ device: 'webgpu' })).time).toBeNull()
  })
})
