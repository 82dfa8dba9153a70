import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Profiles, type ProfilesOptions } from '../../../../src/main/services/profiles.ts'
import type { TrainerTask } from '../../../../src/main/worker/protocol.ts'
import type { RunId } from '../../../../src/preload/contract/common.ts'

const id = 'r1' as RunId
const measured = {
  ...{ format: 'attune-profile-1', device: 'CPU, 2 threads', steps: 5, texts: 16, tokens: 512, microBatches: 1 },
  ...{ preparing: 1, computing: 20, norm: 0.5, optimizer: 2, operators: null }
}
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-profiles-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function profiles(change: Partial<ProfilesOptions> = {}): { readonly profiles: Profiles; readonly asked: TrainerTask[] } {
  const asked: TrainerTask[] = []
  const made = new Profiles({
    findRun: () => ({ folder }),
    entry: 'trainer.js',
    isBusy: () => false,
    onProgress: () => undefined,
    runTask: async (task, { onEvent }) => {
      asked.push(task)
      onEvent({ event: 'progress', phase: 'probing', done: 0, total: 1 })
      await writeFile(join(folder, 'profile.json'), JSON.stringify(measured))
      return { event: 'finished' }
    },
    ...change
  })
  return { profiles: made, asked }
}

describe('where the time of a run goes', () => {
  test('is measured by the trainer beside the run, told as it comes along, and read back', async () => {
    const news: unknown[] = []
    const { profiles: made, asked } = profiles({ onProgress: (one) => void news.push(one) })
    expect(await made.get(id)).toBeNull()
    const { format: _format, ...facts } = measured
    const profile = await made.measure(id)
    expect(profile).toEqual({ ...facts, at: expect.stringMatching(/^\d{4}-.*Z$/) })
    expect(asked).toEqual([{ kind: 'profile', subject: folder, isRun: true, steps: 5 }])
    expect(news).toEqual([{ id, phase: 'probing', done: 0, total: 1 }])
    expect(await made.get(id)).toEqual(profile)
  })

  test('is measured anew where the file was cut off or is of another kind', async () => {
    for (const text of ['{"format": "attune-pro', '[]', '{"format": "attune-profile-2"}']) {
      await writeFile(join(folder, 'profile.json'), text)
      expect(await profiles().profiles.get(id)).toBeNull()
    }
  })

  test('is refused beside a training, for a run without a folder, and for none', async () => {
    await expect(profiles({ isBusy: () => true }).profiles.measure(id)).rejects.toMatchObject({ code: 'device-busy' })
    await expect(profiles({ findRun: () => ({ folder: null }) }).profiles.measure(id)).rejects.toMatchObject({
      code: 'run-unfinished'
    })
    await expect(profiles({ findRun: () => null }).profiles.get(id)).rejects.toMatchObject({ code: 'run-gone' })
  })

  test('says what the trainer says, and nothing of one that was stopped', async () => {
    const failed = { event: 'failed', code: 'data-gone', message: 'The data are gone.', detail: '', exitCode: 2 } as const
    await expect(profiles({ runTask: async () => failed }).profiles.measure(id)).rejects.toMatchObject({
      code: 'data-gone',
      message: 'The data are gone.'
    })
    const { profiles: made } = profiles({
      runTask: (_task, { signal }) =>
        new Promise((resolve) => signal?.addEventListener('abort', () => resolve({ ...failed, code: 'stopped' })))
    })
    const measuring = made.measure(id)
    made.stop()
    await expect(measuring).rejects.toMatchObject({ code: 'plan-superseded' })
  })
})
