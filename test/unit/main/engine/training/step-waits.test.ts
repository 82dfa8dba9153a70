import { expect, test } from 'vitest'
import { StepWaits } from '../../../../../src/main/engine/training/step-waits.ts'

test('counts what a step waited for: rows that came late, those that held the thread, and checkpoints', async () => {
  let now = 0
  const told: [string, number][] = []
  const waits = new StepWaits(
    () => now,
    (what, seconds) => told.push([what, Number(seconds.toFixed(6))])
  )
  const rows = (ready: number): Promise<{ ready: number }> => Promise.resolve({ ready })
  const compute = (from: number, to: number): void => {
    now = from
    waits.begin()
    now = to
    waits.end()
  }
  // Ready long before the computation ended.
  compute(0, 1)
  await waits.rows(rows(0.3))
  // Ready just when it was heard of: it had ended somewhere before.
  compute(2, 3)
  await waits.rows(rows(2.9999))
  // Read from a slow disk.
  compute(4, 5)
  now = 6
  const late = waits.rows(
    Promise.resolve().then(() => {
      now = 6.5
      return { ready: 6.5 }
    })
  )
  await late
  const writing = waits.disk(Promise.resolve().then(() => void (now = 8)))
  await writing
  expect(await waits.rows(Promise.resolve(undefined))).toBeUndefined()
  expect(told).toEqual([
    ['rows', 0],
    ['rows', 1],
    ['rows', 0.5],
    ['disk', 1.5]
  ])
})
