import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunConfig } from '../../../../src/main/config/config-types.ts'
import { configHash } from '../../../../src/main/config/run-config.ts'
import { usualThreads } from '../../../../src/main/devices/cores.ts'
import { threadsKey, UNKNOWN } from '../../../../src/main/devices/machine.ts'
import type { ThreadChoice } from '../../../../src/main/devices/threads.ts'
import { libraryVersion } from '../../../../src/main/engine/runtime/index.ts'
import type { ThreadTrial } from '../../../../src/main/engine/training/thread-trial.ts'
import { writeRecord } from '../../../../src/main/worker/run-folder.ts'
import type { Outcome } from '../../../../src/main/worker/protocol.ts'
import { isWorthTiming, resolveThreads, type ThreadsPlace } from '../../../../src/main/worker/thread-choice.ts'

let output: string

beforeEach(async () => {
  output = await mkdtemp(join(tmpdir(), 'attune-threads-'))
  await mkdir(join(output, 'model'))
  await writeFile(join(output, 'model', 'config.json'), '{"hidden_size":384,"intermediate_size":1536,"num_hidden_layers":6}')
})

afterEach(() => rm(output, { recursive: true, force: true }))

/** The parts that are read. */
const config = (threads: number | 'auto' | null, training: object = {}): RunConfig =>
  ({
    ...{ output, model: join(output, 'model'), method: { type: 'lora' } },
    data: { file: join(output, 'letters.csv'), train: null, validation: null, test: null },
    training: {
      ...{ threads, per_device_train_batch_size: 16, gradient_accumulation_steps: 1, max_length: 256 },
      ...{ num_train_epochs: 3, max_steps: -1, ...training }
    }
  }) as unknown as RunConfig

const GB = 1e9
const key = threadsKey({ width: 384, logical: 8, library: libraryVersion() })
const usual = usualThreads({ logical: availableParallelism() })
const quicker: Outcome = {
  event: 'finished',
  timed: [
    { threads: 4, seconds: 0.03 },
    { threads: 8, seconds: 0.02 }
  ]
}

interface Asked {
  readonly trials: ThreadTrial[]
  readonly kept: Map<string, ThreadChoice>
  readonly place: ThreadsPlace
  readonly time: (trial: ThreadTrial) => Promise<Outcome>
}

/** A machine of four cores with two threads each, and how often it was timed. */
function place(outcome: Outcome = quicker, changed: Partial<ThreadsPlace> = {}): Asked {
  const trials: ThreadTrial[] = []
  const kept = new Map<string, ThreadChoice>()
  return {
    ...{ trials, kept },
    place: {
      cores: { logical: 8, physical: 4, quick: null },
      machine: UNKNOWN,
      keep: async (about, choice) => void kept.set(about, choice),
      bytes: GB,
      ...changed
    },
    time: async (trial) => {
      trials.push(trial)
      return outcome
    }
  }
}

const open = { device: 'cpu', goesOn: null, isOfSeveral: false } as const

describe('a new run', () => {
  test('of some length is timed, keeps the quickest number and says why', async () => {
    const { place: here, time, trials, kept } = place()
    const resolved = await resolveThreads({ ...open, config: config(null), time }, here)
    expect(resolved.count).toBe(8)
    expect(resolved.why).toContain('30 ms with 4 and 20 ms with 8')
    expect(resolved.notes).toEqual([resolved.why])
    expect(trials).toEqual([{ candidates: [4, 8], width: 384, inner: 1536, tokens: 2048 }])
    expect(kept.get(key)).toMatchObject({ threads: 8 })
  })

  test('takes what was timed before, without a trial', async () => {
    const known = { at: '2026-11-26T21:00:00.000Z', threads: 8, timed: [{ threads: 8, seconds: 0.02 }] }
    const { place: here, time, trials } = place(quicker, { machine: { ...UNKNOWN, threads: { [key]: known } }, bytes: 1000 })
    expect((await resolveThreads({ ...open, config: config('auto'), time }, here)).count).toBe(8)
    expect(trials).toEqual([])
  })

  test('has the number that its settings name', async () => {
    const { place: here, time, trials } = place()
    expect(await resolveThreads({ ...open, config: config(3), time }, here)).toEqual({ count: 3, why: null, notes: [] })
    expect(trials).toEqual([])
  })

  test('that is short begins at once, unless it is one of several', async () => {
    const short = place(quicker, { bytes: 100_000 })
    expect(await resolveThreads({ ...open, config: config(null), time: short.time }, short.place)).toMatchObject({ why: null })
    expect(short.trials).toEqual([])
    await resolveThreads({ ...open, isOfSeveral: true, config: config(null), time: short.time }, short.place)
    expect(short.trials).toHaveLength(1)
  })

  test('begins with the usual number where there is no choice, no time, no processor to choose for, or the trial failed', async () => {
    const nothing = { count: usual, why: null, notes: [] }
    const one = place(quicker, { cores: { logical: 2, physical: 2, quick: null } })
    expect(await resolveThreads({ ...open, config: config(null), time: one.time }, one.place)).toEqual(nothing)
    const here = place()
    expect(await resolveThreads({ ...open, config: config(null), time: null }, here.place)).toEqual(nothing)
    expect(await resolveThreads({ ...open, device: 'cuda', config: config(null), time: here.time }, here.place)).toEqual(nothing)
    const failed = place({ event: 'failed', exitCode: 1, code: 'trainer-crashed', message: 'No.', detail: '' })
    expect(await resolveThreads({ ...open, config: config(null), time: failed.time }, failed.place)).toEqual(nothing)
    expect([...one.trials, ...here.trials, ...failed.kept.keys()]).toEqual([])
  })
})

describe('a run that goes on', () => {
  const begun = async (run: RunConfig, threads?: { count: number; why: string | null }): Promise<void> => {
    const record = {
      format: 'attune-run-1',
      name: 'letters',
      configHash: configHash(run),
      state: 'stopped',
      createdAt: 'now'
    } as const
    await mkdir(join(output, 'letters-1'))
    await writeRecord(join(output, 'letters-1'), { ...record, ...(threads && { threads }) })
  }
  const goesOn = { name: 'letters' }

  test('keeps its number whatever is known by now', async () => {
    const run = config(null)
    await begun(run, { count: 2, why: 'Two were the quickest.' })
    const known = { at: '2026-11-26T21:00:00.000Z', threads: 8, timed: [{ threads: 8, seconds: 0.02 }] }
    const { place: here, time, trials } = place(quicker, { machine: { ...UNKNOWN, threads: { [key]: known } } })
    expect(await resolveThreads({ ...open, goesOn, config: run, time }, here)).toEqual({
      ...{ count: 2, why: 'Two were the quickest.' },
      notes: ['Two were the quickest.']
    })
    expect(trials).toEqual([])
  })

  test('keeps it on a machine with fewer cores, and says so', async () => {
    const run = config(null)
    await begun(run, { count: 16, why: null })
    const { count, notes } = await resolveThreads({ ...open, goesOn, config: run, time: null }, place().place)
    expect(count).toBe(16)
    expect(notes).toEqual([expect.stringContaining('goes on with 16 threads, as it began, though only 8 can run at once here')])
  })

  test('that was begun before numbers were written down has the usual one, as it had then', async () => {
    const run = config(null)
    await begun(run)
    const { place: here, time, trials } = place()
    expect((await resolveThreads({ ...open, goesOn, config: run, time }, here)).count).toBe(usual)
    expect(trials).toEqual([])
  })
})

test('a run is worth timing by its rows, epochs and steps', () => {
  const shape = { layers: 6, width: 384, inner: 1536 }
  const isWorth = (bytes: number | null, training: object = {}): boolean => isWorthTiming(config(null, training), shape, bytes, 4)
  expect(isWorth(100_000)).toBe(false)
  expect(isWorth(100e6)).toBe(true)
  expect(isWorth(100e6, { max_steps: 5 })).toBe(false)
  expect(isWorth(null)).toBe(true)
  expect(isWorth(null, { max_steps: 5 })).toBe(false)
})
