import { expect, test } from 'vitest'
import type { Program, Runtime } from '../../../../../src/main/engine/runtime/port.ts'
import { timeThreads } from '../../../../../src/main/engine/training/thread-trial.ts'

const trial = { candidates: [2, 4], width: 8, inner: 32, tokens: 4 }

/** Runtimes on a clock of their own: a run takes what `seconds` says of its threads and of how many runs there were before. */
function clocked(seconds: (threads: number, earlier: number) => number) {
  let now = 0
  const open: number[] = []
  const runs = new Map<number, number>()
  const opened = async (threads: number): Promise<Runtime> => {
    open.push(threads)
    const program: Partial<Program> = {
      run: async () => {
        const earlier = runs.get(threads) ?? 0
        runs.set(threads, earlier + 1)
        now += seconds(threads, earlier)
        return {}
      }
    }
    const runtime: Partial<Runtime> = {
      load: async () => program as Program, // Only run is called.
      dispose: async () => void open.splice(open.indexOf(threads), 1)
    }
    return runtime as Runtime // Only these are called.
  }
  return { tools: { open: opened, now: () => now }, runs, open, now: () => now }
}

test('the quickest run of each number counts, the first one left out', async () => {
  // The first run would be the quickest here, the fourth is it among the others.
  const clock = clocked((threads, earlier) => (earlier === 0 ? 0.001 : earlier === 3 ? 0.08 : 0.1) / threads)
  const timed = await timeThreads(trial, clock.tools)
  expect(timed.map(({ threads }) => threads)).toEqual([2, 4])
  expect(timed[0]?.seconds).toBeCloseTo(0.04)
  expect(timed[1]?.seconds).toBeCloseTo(0.02)
  expect(clock.open).toEqual([])
})

test('candidates take turns, and all of it takes little more than a second', async () => {
  const clock = clocked(() => 0.05)
  await timeThreads(trial, clock.tools)
  expect(clock.runs.get(2)).toBe(clock.runs.get(4))
  expect(clock.now()).toBeGreaterThanOrEqual(1.2)
  expect(clock.now()).toBeLessThan(1.4)
})

test('a machine on which a run takes long is timed three times each all the same', async () => {
  const clock = clocked(() => 1)
  await timeThreads(trial, clock.tools)
  expect([...clock.runs.values()]).toEqual([4, 4])
})

test('who stops it leaves nothing open', async () => {
  const clock = clocked(() => 0.05)
  const stopped = AbortSignal.abort(new Error('stopped'))
  await expect(timeThreads(trial, { ...clock.tools, signal: stopped })).rejects.toThrow('stopped')
  expect(clock.open).toEqual([])
})
