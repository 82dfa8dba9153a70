import { describe, expect, it } from 'vitest'
import { PoolModel } from '../../../../../src/main/engine/training/pool-model.ts'

const kib = 1024

describe('the model of the runtime’s pool', () => {
  it('uses a free piece again, and grows by what is asked for where none is large enough', () => {
    const pool = new PoolModel()
    pool.giveBack(pool.take(64 * kib))
    pool.take(64 * kib)
    expect(pool.bytes).toBe(64 * kib)
    pool.take(65 * kib)
    expect(pool.bytes).toBe(129 * kib)
  })

  it('counts in units of 256 bytes', () => {
    const pool = new PoolModel()
    pool.take(1)
    pool.take(257)
    expect(pool.bytes).toBe(256 + 512)
  })

  it('keeps the rest of a large piece for others, but not a rest of under 4 KiB', () => {
    const pool = new PoolModel()
    const whole = pool.take(64 * kib)
    pool.giveBack(whole)
    pool.take(40 * kib)
    pool.take(24 * kib)
    expect(pool.bytes).toBe(64 * kib)
    const wasteful = new PoolModel()
    wasteful.giveBack(wasteful.take(64 * kib))
    wasteful.take(61 * kib)
    wasteful.take(3 * kib)
    expect(wasteful.bytes).toBe(67 * kib)
  })

  it('takes the smallest piece that is large enough', () => {
    const pool = new PoolModel()
    const [large, small] = [pool.take(100 * kib), pool.take(50 * kib)]
    pool.giveBack(large)
    pool.giveBack(small)
    pool.take(50 * kib)
    pool.take(100 * kib)
    expect(pool.bytes).toBe(150 * kib)
  })

  it('joins free neighbours, but never pieces that were asked for one by one', () => {
    const pool = new PoolModel()
    pool.giveBack(pool.take(90 * kib))
    const thirds = [pool.take(30 * kib), pool.take(30 * kib), pool.take(30 * kib)] as const
    expect(pool.bytes).toBe(90 * kib)
    // The middle last: it has a free neighbour on each side.
    pool.giveBack(thirds[0])
    pool.giveBack(thirds[2])
    pool.giveBack(thirds[1])
    pool.take(90 * kib)
    expect(pool.bytes).toBe(90 * kib)
    const apart = new PoolModel()
    const halves = [apart.take(50 * kib), apart.take(50 * kib)] as const
    for (const half of halves) apart.giveBack(half)
    apart.take(100 * kib)
    expect(apart.bytes).toBe(200 * kib)
  })
})
