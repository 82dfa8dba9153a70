import { describe, expect, test } from 'vitest'
import type { RunId } from '../../src/preload/contract/common.ts'
import type { RunProfile, TimeRow } from '../../src/preload/contract/profiles.ts'
import { createApi } from '../../src/renderer/src/lib/api.ts'
import { csvOf } from '../../src/renderer/src/lib/save-chart.ts'
import { partsOf, ProfileState, stepTime, tableOf } from '../../src/renderer/src/screens/runs/profile/profile.svelte.ts'
import { makeFakeBridge } from '../helpers/fake-bridge/index.ts'

const row: TimeRow = {
  ...{ name: 'layer 0', calls: 3, milliseconds: 9, share: 1, gflopPerSecond: 40 },
  parts: { forward: 4, recomputed: 0, backward: 5 }
}
const profile: RunProfile = {
  ...{ at: '2026-11-25T10:00:00.000Z', device: 'CPU, 2 threads', steps: 5, texts: 16, tokens: 512, microBatches: 1 },
  ...{ preparing: 1, computing: 10, norm: 2, optimizer: 8 },
  operators: { parts: row.parts, milliseconds: 9, gflopPerSecond: 40, blocks: [row], operators: [{ ...row, name: 'Gemm' }] }
}

describe('where the time of a step goes', () => {
  test('is divided into parts that add up to the step', () => {
    const parts = partsOf(profile)
    expect(parts.map(({ name, milliseconds }) => [name, milliseconds])).toEqual([
      ['Forward', 4],
      ['Backward', 5],
      ['Between operators', 1],
      ['Gradient norm', 2],
      ['Optimizer', 8]
    ])
    expect(parts.reduce((sum, { milliseconds }) => sum + milliseconds, 0)).toBe(stepTime(profile))
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
  })

  test('names what is computed again, and of a card the parts alone', () => {
    const operators = { ...profile.operators!, parts: { forward: 4, recomputed: 2, backward: 3 } }
    expect(partsOf({ ...profile, operators }).map(({ name }) => name)).toContain('Once more')
    expect(partsOf({ ...profile, operators: null }).map(({ name }) => name)).toEqual([
      'Forward and backward',
      'Gradient norm',
      'Optimizer'
    ])
    expect(tableOf({ ...profile, operators: null }).rows).toHaveLength(3)
  })

  test('is a table with a column for each number', () => {
    const lines = csvOf(tableOf(profile)).trim().split('\r\n')
    expect(lines[0]).toBe('table,name,calls,forward ms,once more ms,backward ms,ms,share,GFLOP/s')
    expect(lines).toContain('Parts of a step,Optimizer,,,,,8,0.4,')
    expect(lines).toContain('Layers,layer 0,3,4,0,5,9,1,40')
    expect(lines).toContain('Operators,Gemm,3,4,0,5,9,1,40')
  })

  test('is measured when it is asked for; one that is stopped says nothing', async () => {
    const state = new ProfileState(createApi(makeFakeBridge({ filled: true, beat: 1, profiled: false })).profiles, 'r3' as RunId)
    const end = state.follow()
    await state.profile.load()
    expect(state.profile.value).toBeNull()
    await state.measure()
    expect(state.profile.value?.operators?.blocks.length).toBeGreaterThan(3)
    expect(state.progress).toEqual({ id: 'r3', phase: 'probing', done: 0, total: 1 })
    end()

    const still = new ProfileState(createApi(makeFakeBridge({ filled: true, beat: 0, profiled: false })).profiles, 'r3' as RunId)
    void still.measure()
    expect(still.isMeasuring).toBe(true)
    still.stop()
    expect([still.isMeasuring, still.failure]).toEqual([false, null])
    const failing = { 'profiles:measure': 'A training is under way.' }
    const refused = new ProfileState(createApi(makeFakeBridge({ filled: true, failing })).profiles, 'r3' as RunId)
    await refused.measure()
    expect(refused.failure?.message).toBe('A training is under way.')
  })
})
