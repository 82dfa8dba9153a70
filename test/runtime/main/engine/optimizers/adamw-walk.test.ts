import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AdamwWalk } from '../../../../../src/main/engine/optimizers/adamw-walk.ts'
import { buildUpdateGraph, updatedOutput, updateScalars } from '../../../../../src/main/engine/optimizers/update-graphs.ts'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { Program, Runtime, StateTensor } from '../../../../../src/main/engine/runtime/port.ts'
import { Arena } from '../../../../../src/main/engine/training/arena.ts'
import { loadGraph, scalarTensor } from '../../../../../src/main/engine/training/feeding.ts'

const names = ['weight', 'grad', 'exp_avg', 'exp_avg_sq'] as const
/** No multiple of what the walk takes at a time, nor of a cache line. */
const size = 5003
const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentum: 0 }

let runtime: Runtime
let program: Program
beforeAll(async () => {
  runtime = await openRuntime({ threads: 1 })
  const state = (): StateTensor => runtime.allocate('float32', [1])
  program = (await loadGraph(runtime, buildUpdateGraph('adamw'), { name: 'optimizer_model', weights: null, state })).program
})
afterAll(async () => {
  await program.dispose()
  await runtime.dispose()
})

/** The same numbers each time, of all sizes: down to those below the least normal one, and zeros. */
function numbers(seed: number, isPositive = false): Float32Array<ArrayBuffer> {
  let state = seed
  const next = (): number => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 0x7fffffff
  return Float32Array.from({ length: size }, (_, i) => {
    const value = (isPositive ? next() : next() - 0.5) * 10 ** -((i * 7) % 46)
    return i % 97 === 0 ? 0 : value
  })
}

const bitsOf = (values: Float32Array): Int32Array => new Int32Array(values.slice().buffer)

const arenaOf = (optimizer: 'adamw' | 'adam'): Arena => new Arena(runtime, [], size, optimizer)

const arraysOf = (arena: Arena): readonly StateTensor[] => [
  arena.weights,
  arena.gradients,
  ...arena.state.map(({ array }) => array)
]

describe('AdamW as one walk', () => {
  it.each([
    ['weight decay, a clipped gradient', { learningRate: 2e-3, weightDecay: 0.01, clipScale: 0.37 }, { offset: 0, size }],
    ['no decay, the whole gradient', { learningRate: 1e-5, weightDecay: 0, clipScale: 1 }, { offset: 0, size }],
    ['a stretch in the middle', { learningRate: 0.5, weightDecay: 0.3, clipScale: 1e-3 }, { offset: 37, size: 4001 }],
    ['a stretch shorter than a round', { learningRate: 0.5, weightDecay: 0.3, clipScale: 1 }, { offset: 3, size: 11 }]
  ])('has the bits of the graph in ONNX Runtime: %s', async (_, at, stretch) => {
    const arena = arenaOf('adamw')
    const plain = names.map(() => runtime.allocate('float32', [size]))
    for (const states of [arraysOf(arena), plain])
      for (const [i, state] of states.entries()) await state.write(numbers(i + 1, i === 3))
    for (const step of [1, 2, 3, 1000]) {
      const scalars = updateScalars('adamw', settings, { ...at, step })
      await arena.walk!(stretch, scalars)
      const slots = Object.fromEntries(names.map((name, i) => [name, plain[i]!.view(stretch.offset, [stretch.size])]))
      const { grad, ...updated } = slots
      await program.run({
        inputs: { ...slots, ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, scalarTensor(value)])) },
        outputs: Object.fromEntries(Object.entries(updated).map(([name, state]) => [updatedOutput(name), state]))
      })
      for (const [i, state] of arraysOf(arena).entries()) {
        const [walked, computed] = [await state.read(), await plain[i]!.read()] as [Float32Array, Float32Array] // Of float32.
        expect(bitsOf(walked), `${names[i]} after step ${step}`).toEqual(bitsOf(computed))
      }
      for (const gradients of [arena.gradients, plain[1]!]) await gradients.write(numbers(step + 10))
      expect(grad?.size).toBe(stretch.size)
    }
    expect(bitsOf((await arena.weights.read()) as Float32Array)).not.toEqual(bitsOf(numbers(1)))
  })

  it('lets infinities and what is no number come out where they do in the graph', async () => {
    const arena = arenaOf('adamw')
    const plain = names.map(() => runtime.allocate('float32', [size]))
    const odd = numbers(2)
    odd.set([Infinity, -Infinity, NaN, 3e38], 16)
    for (const states of [arraysOf(arena), plain]) {
      for (const [i, state] of states.entries()) await state.write(i === 1 ? odd : numbers(i + 1, i === 3))
    }
    const scalars = updateScalars('adamw', settings, { learningRate: 0.1, weightDecay: 0.01, clipScale: 1, step: 1 })
    await arena.walk!({ offset: 0, size }, scalars)
    const [weight, grad, average, squares] = plain
    await program.run({
      inputs: {
        ...{ weight: weight!, grad: grad!, exp_avg: average!, exp_avg_sq: squares! },
        ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, scalarTensor(value)]))
      },
      outputs: { 'new/weight': weight!, 'new/exp_avg': average!, 'new/exp_avg_sq': squares! }
    })
    for (const [i, state] of arraysOf(arena).entries())
      expect(Array.from((await state.read()) as Float32Array)).toEqual(Array.from((await plain[i]!.read()) as Float32Array))
  })

  it('is there for AdamW on the processor alone', () => {
    expect(arenaOf('adamw').walk).not.toBeNull()
    expect(arenaOf('adam').walk).toBeNull()
  })

  it('leaves arrays that 4 GiB do not hold to the graph', () => {
    expect(AdamwWalk.make(0)).toBeNull()
    expect(AdamwWalk.make(2 ** 28)).toBeNull()
  })

  it('gives each array a place of its own, and nothing beyond its memory', () => {
    const walk = AdamwWalk.make(1000)!
    const starts = [0, 1, 2, 3].map(() => walk.take(4000))
    expect(starts.every((start) => start % 64 === 0)).toBe(true)
    expect(starts.slice(1).every((start, i) => start >= starts[i]! + 4000)).toBe(true)
    expect(() => walk.take(2 ** 20)).toThrow(/are taken where/)
  })
})
