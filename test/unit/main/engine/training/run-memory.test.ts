import { describe, expect, it } from 'vitest'
import { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import type { Graph } from '../../../../../src/main/engine/graph/types.ts'
import { optimizerState, type OptimizerId } from '../../../../../src/main/engine/optimizers/state.ts'
import type { ArenaArray } from '../../../../../src/main/engine/training/arena.ts'
import { areFittedBeside, planMemory, type RunMemoryInput } from '../../../../../src/main/engine/training/run-memory.ts'

/** Σ exp(−x): two values of x's size at once. */
function graph(): Graph {
  const g = new Ops({ training: false })
  g.output('s', g.sumAll(g.exp(g.neg(g.input('x', 'float32', ['tokens', 1000])))))
  return g.build()
}

const nodes = 3 * 8000
const megabyte = 1e6

const base: RunMemoryInput = {
  held: 100 * megabyte,
  arena: { size: 2 * megabyte, state: [], slots: [] },
  untouched: 0,
  rowBytes: 0,
  training: { graph: graph(), masks: [{ name: 'm', shape: ['tokens', 1000], probability: 0.1 }] },
  evaluation: graph(),
  frozen: null,
  sizes: { training: { tokens: 10_000 }, others: [], evaluation: { tokens: 1000 }, frozen: { tokens: 1000 } },
  accumulation: 1,
  batchBytes: 0,
  judged: null
}

/** Values of `tokens` tokens: two of 4,000 bytes each, and a sum. */
const pool = (tokens: number): number => 8000 * tokens + 256

describe('what a run takes', () => {
  it('is what the process has, what is trained with its gradients, programs, values, two batches’ masks and the thread that helps to draw them', () => {
    const plan = planMemory(base)
    const expected = { process: 100 * megabyte, trained: 16 * megabyte, programs: 2 * nodes, batches: 36 * megabyte, judging: 0 }
    expect(plan).toMatchObject(expected)
    expect(Math.abs(plan.values - pool(10_000))).toBeLessThan(1000)
    expect(plan.total).toBe(plan.process + plan.trained + plan.programs + plan.values + plan.batches)
  })

  it('grows with the optimizer’s state, and with micro-batches whose masks wait for their turn', () => {
    const trained = (optimizer: OptimizerId): number => {
      const arrays = optimizerState[optimizer].map(({ name, type, per }) => ({
        ...{ name, per },
        array: { type, size: (2 * megabyte) / per } as ArenaArray['array'] // Only counted.
      }))
      return planMemory({ ...base, arena: { ...base.arena, state: arrays } }).trained
    }
    expect(trained('adamw')).toBe(32 * megabyte)
    // A byte for each of mean and root, and a float32 for every 256 of them.
    expect(trained('adamw_8bit')).toBe((16 + 4 * (1 + 4 / 256)) * megabyte)
    expect(planMemory({ ...base, untouched: 5 * megabyte }).trained).toBe(11 * megabyte)
    expect(planMemory({ ...base, untouched: 5 * megabyte, rowBytes: megabyte }).trained).toBe(12 * megabyte)
    expect(planMemory({ ...base, accumulation: 4 }).batches).toBe(66 * megabyte)
  })

  it('is that of the highest stage: evaluation, the frozen layers or judging may need more than training', () => {
    const small = { ...base.sizes, training: { tokens: 10 } }
    const looked = planMemory({ ...base, sizes: { ...small, evaluation: { tokens: 20_000 } } })
    expect(Math.abs(looked.values - pool(20_000))).toBeLessThan(1000)
    const frozen = planMemory({ ...base, frozen: graph(), sizes: { ...small, frozen: { tokens: 30_000 } } })
    expect(Math.abs(frozen.values - pool(30_000))).toBeLessThan(1000)
    const judged = planMemory({
      ...base,
      sizes: small,
      judged: { sequences: 1000, tokens: megabyte, width: 100, features: null }
    })
    expect(judged.judging).toBeGreaterThan(100 * megabyte)
    expect(judged.total).toBe(judged.judgingTotal)
  })

  it('draws few masks on one thread', () => {
    const few = planMemory({ ...base, sizes: { ...base.sizes, training: { tokens: 1000 } } })
    expect(few.batches).toBeLessThan(2.01 * megabyte)
  })

  it('counts the keyword model beside the training where it is small, and after it where it is not', () => {
    const small = { sequences: 10, tokens: 100_000, width: 10, features: null }
    const beside = planMemory({ ...base, judged: small })
    expect(beside.judging).toBe(beside.beside)
    expect(beside.total - planMemory(base).total).toBe(beside.beside)
    expect(beside.beside).toBeGreaterThan(10 * megabyte)
    const large = { ...small, tokens: 1_000_000 }
    expect([areFittedBeside(small), areFittedBeside(large)]).toEqual([true, false])
    expect(planMemory({ ...base, judged: large }).beside).toBe(0)
  })

  it('counts what batches of other shapes add to the pool, which a rehearsal does not see', () => {
    expect(planMemory(base).otherShapes).toBe(0)
    const others = [{ tokens: 9999 }, { tokens: 6000 }]
    expect(planMemory({ ...base, sizes: { ...base.sizes, others } }).otherShapes).toBe(0)
    // Larger than what is called the largest: nothing in the pool is long enough for it.
    const larger = planMemory({ ...base, sizes: { ...base.sizes, others: [{ tokens: 10_001 }] } })
    expect(larger.otherShapes).toBeGreaterThan(70 * megabyte)
    expect(larger.values).toBeGreaterThan(pool(10_000) + 70 * megabyte)
  })
})
