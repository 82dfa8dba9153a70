import { expect, test } from 'vitest'
import { Ops } from '../../../../src/main/engine/graph/operations.ts'
import type { CardRun } from '../../../../src/main/engine/training/card-memory.ts'
import type { Preflight } from '../../../../src/main/engine/training/preflight.ts'
import { cardNote, estimateTime, planCard } from '../../../../src/main/worker/card-plan.ts'

/** A step of one product of [tokens, 1024] with [1024, 1024], for batches of 512 tokens. */
function productRun(): CardRun {
  const g = new Ops({ training: false })
  g.output('y', g.matMul(g.input('x', 'float32', ['tokens', 1024]), g.weight('w', 'float32', [1024, 1024])))
  const sizes = { rows: 4, time: 128, tokens: 512 }
  return {
    training: { graph: g.build(), masks: [] },
    evaluation: null,
    sizes: { training: sizes, evaluation: sizes },
    arena: { size: 0, groups: [] },
    optimizer: 'adamw',
    precision: 'float32'
  }
}

const tested = { at: '2026-11-26T12:00:00Z', status: 'ready', device: 'card', threads: 2, memory: null, card: 'Card' } as const

test('time on a card is that of its products at the tested rate, and of each kernel to start', () => {
  // 2 · 512 · 1024² operations and one kernel for a micro-batch of 512 tokens; a step of 1,024 tokens is two of those.
  const operations = 2 * 1024 * 1024 ** 2
  const device = { ...tested, rate: 1e12, latency: 1e-3 }
  const time = estimateTime(device, productRun(), { step: 1024, looks: 5120, frozen: 0 }, 10)
  expect(time.seconds_per_step).toBeCloseTo(operations / 1e12 + 2e-3, 9)
  expect(time.expected_seconds).toBeCloseTo(10 * (operations / 1e12 + 2e-3) + (5 * operations) / 2 / 1e12, 9)
})

test('time is not told of a card that was not tried, or refused', () => {
  const tokens = { step: 1024, looks: 0, frozen: 0 }
  const nothing = { seconds_per_step: null, expected_seconds: null }
  expect(estimateTime(undefined, productRun(), tokens, 10)).toEqual(nothing)
  const refused = { at: tested.at, status: 'refused', reason: 'No card.', code: 'device-unusable' } as const
  expect(estimateTime(refused, productRun(), tokens, 10)).toEqual(nothing)
})

test('a run that may not fit the card is told of', () => {
  const card = { needed_bytes: 9e9, seconds_per_step: null, expected_seconds: null }
  const parts = { total: 9e9, opened: 0, sessions: 0, frozen: 0, trained: 0, values: 9e9 }
  expect(cardNote({ ...card, parts, free_bytes: 8e9 })).toBe(
    "This run is estimated to take 9.0 GB of the card's memory, where 8.0 GB are free. Where it does not suffice, fewer rows are computed at a time; close other programs that use the card."
  )
  expect(cardNote({ ...card, parts, free_bytes: 9e9 })).toBeNull()
  expect(cardNote({ ...card, parts, free_bytes: null })).toBeNull()
})

test('the processor’s plan has no card', async () => {
  expect(await planCard({ provider: 'cpu' }, {} as Preflight, null, 1)).toBeNull() // Not looked at.
})
