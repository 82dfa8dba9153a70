import { describe, expect, test } from 'vitest'
import type { StorageProgress } from '../../src/preload/contract/storage.ts'
import { StorageState } from '../../src/renderer/src/screens/settings/storage.svelte.ts'
import { makeFakeBridge } from '../helpers/fake-bridge/index.ts'
import { createApi } from '../../src/renderer/src/lib/api.ts'

describe('what is done to the data folder', () => {
  const stateOf = async (task: StorageProgress['task'], phase: StorageProgress['phase']): Promise<StorageState> => {
    const api = createApi(makeFakeBridge({ filled: true, beat: 0, storage: { task: { task, phase, done: 0, total: 0 } } }))
    const state = new StorageState({ api, attempt: async () => true, tell: () => undefined })
    await state.overview.load()
    return state
  }

  test.each([
    ['backup', 'copying', true],
    ['backup', 'verifying', true],
    ['restore', 'checking', true],
    ['restore', 'closing', false],
    ['restore', 'opening', false],
    ['move', 'closing', true],
    ['move', 'opening', false],
    ['delete', 'deleting', false]
  ] as const)('%s, %s: offers to cancel: %s', async (task, phase, can) => {
    expect((await stateOf(task, phase)).canCancel).toBe(can)
  })
})
