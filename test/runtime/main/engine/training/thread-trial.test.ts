import { expect, test } from 'vitest'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import { timeThreads } from '../../../../../src/main/engine/training/thread-trial.ts'

test('times a piece of a step with each number of threads', async () => {
  const now = (): number => performance.now() / 1000
  const started = now()
  const trial = { candidates: [1, 2], width: 64, inner: 256, tokens: 64 }
  const timed = await timeThreads(trial, { open: (threads) => openRuntime({ threads }), now })
  expect(timed.map(({ threads }) => threads)).toEqual([1, 2])
  for (const { seconds } of timed) {
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThan(now() - started)
  }
})
