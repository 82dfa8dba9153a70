import { describe, expect, test } from 'vitest'
import type { DeviceState } from '../../src/preload/contract/devices.ts'
import type { RunDraft, SettingRow } from '../../src/preload/contract/runs.ts'
import type { DeviceGuess, RunEffort } from '../../src/preload/contract/speed.ts'
import { verdictOf } from '../../src/renderer/src/screens/train/device-verdict.ts'
import { SavingsState } from '../../src/renderer/src/screens/train/savings.svelte.ts'

const verdict = (change: Partial<NonNullable<DeviceState['verdict']>>): NonNullable<DeviceState['verdict']> => ({
  at: '2026-11-25T10:12:00.000Z',
  name: 'CPU, 2 threads',
  rate: 200e9,
  memory: { total: 16e9, free: 4e9 },
  refusal: null,
  ...change
})
const guess: DeviceGuess = {
  device: 'cpu',
  why: '',
  steps: [
    { device: 'cpu', seconds: 0.2 },
    { device: 'cuda', seconds: 0.9 }
  ]
}

describe('what a test of a device says for a run', () => {
  test('fits, or is too large for the memory that is free', () => {
    const cpu: DeviceState = { id: 'cpu', isVerified: true, verdict: verdict({}) }
    expect(verdictOf(cpu, { guess, needed: 1e9 })).toMatchObject({
      tone: 'good',
      text: expect.stringContaining('fits: about 1 GB')
    })
    expect(verdictOf(cpu, { guess, needed: 5e9 })).toMatchObject({
      tone: 'look',
      text: expect.stringContaining('too large: about 5 GB, and 4 GB are free')
    })
  })

  test('is too slow where the processor is quicker', () => {
    const card: DeviceState = { id: 'cuda', isVerified: true, verdict: verdict({ name: 'NVIDIA H200' }) }
    const { text, tone, isUsable } = verdictOf(card, { guess, needed: 1e9 })
    expect([tone, isUsable]).toEqual(['look', true])
    expect(text).toContain('too slow: about 900\u00a0ms for a step of this run, the processor 200\u00a0ms')
    expect(text).toContain('4 GB were free')
  })

  test('cannot be chosen where it was refused, and says why', () => {
    const refusal = { code: 'device-no-pack', message: 'Training on an NVIDIA card needs the CUDA pack.' }
    const card: DeviceState = { id: 'cuda', isVerified: true, verdict: verdict({ refusal, memory: null, rate: null }) }
    expect(verdictOf(card, { guess, needed: null })).toEqual({ text: refusal.message, tone: 'look', isUsable: false })
  })
})

describe('what would save memory or time', () => {
  const row = (key: string, value: SettingRow['value'], choices: readonly string[] | null = null): SettingRow => ({
    ...{ path: `training.${key}`, group: 'training', value, standard: value, changed: false, help: '', why: null },
    ...{ kind: choices ? 'choice' : 'integer', choices }
  })
  const draft = { changed: { 'training.seed': 7 } } as unknown as RunDraft // Nothing else of it is looked at.
  const rows = [
    row('per_device_train_batch_size', 16),
    row('gradient_accumulation_steps', 2),
    row('optim', 'adamw', ['adamw', 'adamw_8bit']),
    row('frozen_weights', 'float32', ['float32']),
    row('gradient_checkpointing', 'auto', ['false', 'true', 'auto'])
  ]

  function state(effort: (changed: RunDraft['changed']) => RunEffort): {
    readonly savings: SavingsState
    readonly asked: RunDraft['changed'][]
    readonly chosen: unknown[]
  } {
    const [asked, chosen]: [RunDraft['changed'][], unknown[]] = [[], []]
    const api = {
      effort: async (request: { readonly draft: RunDraft }) => {
        asked.push(request.draft.changed)
        return effort(request.draft.changed)
      },
      stopEffort: async () => undefined
    }
    const train = { draft, settings: { value: rows }, change: (next: unknown) => void chosen.push(next) }
    return { savings: new SavingsState(api, train as never), asked, chosen } // A part of the state.
  }

  const enough: RunEffort = { memory: 1e9, work: 1, seconds: null, problem: null }

  test('asks for the run and for each setting that is offered and not chosen, and keeps those that can start', async () => {
    const { savings, asked, chosen } = state((changed) =>
      changed['training.optim'] === 'adamw_8bit' ? { ...enough, problem: 'It cannot.' } : enough
    )
    await savings.weigh(false)
    expect(asked).toEqual([
      { 'training.seed': 7 },
      { 'training.seed': 7, 'training.gradient_checkpointing': 'true' },
      { 'training.seed': 7, 'training.optim': 'adamw_8bit' },
      { 'training.seed': 7, 'training.per_device_train_batch_size': 8, 'training.gradient_accumulation_steps': 4 }
    ])
    expect(savings.known?.savings.map(({ name }) => name)).toEqual(['checkpointing', 'batch'])
    savings.use(savings.known!.savings[1]!)
    expect(chosen).toEqual([
      { changed: { 'training.seed': 7, 'training.per_device_train_batch_size': 8, 'training.gradient_accumulation_steps': 4 } }
    ])
  })

  test('stops where it is told to, and says what went wrong', async () => {
    const { savings } = state(() => enough)
    const working = savings.weigh(false)
    expect(savings.done).toEqual({ done: 0, all: 4 })
    savings.stop()
    await working
    expect([savings.done, savings.known]).toEqual([null, null])
    const failing = state(() => {
      throw new Error('The model is gone.')
    })
    await failing.savings.weigh(false)
    expect(failing.savings.failure?.message).toBeTruthy()
  })
})
