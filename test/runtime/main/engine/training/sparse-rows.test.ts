import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Random } from '../../../../../src/main/base/random.ts'
import { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import {
  buildKeepGraph,
  buildUpdateGraph,
  updatedOutput,
  updateScalars
} from '../../../../../src/main/engine/optimizers/update-graphs.ts'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { Program, Runtime, StateTensor } from '../../../../../src/main/engine/runtime/port.ts'
import { loadGraph, scalarTensor } from '../../../../../src/main/engine/training/feeding.ts'
import { inHost, SparseRows, type RowMemory } from '../../../../../src/main/engine/training/sparse-rows.ts'

const [height, width] = [40, 24]
const arrays = ['weight', 'grad', 'exp_avg', 'exp_avg_sq'] as const
type Table = Readonly<Record<(typeof arrays)[number], StateTensor>>

let runtime: Runtime
let update: Program
let keep: Program

beforeAll(async () => {
  runtime = await openRuntime({ threads: 1 })
  const state = (): StateTensor => runtime.allocate('float32', [1])
  update = (await loadGraph(runtime, buildUpdateGraph('adamw'), { name: 'optimizer_model', weights: null, state })).program
  keep = (await loadGraph(runtime, buildKeepGraph(), { name: 'weight_decay', weights: null, state })).program
})
afterAll(() => runtime.dispose())

/** A table of random weights, all else zero. */
async function table(): Promise<Table> {
  const random = new Random(1, 'weights')
  const made = Object.fromEntries(arrays.map((name) => [name, runtime.allocate('float32', [height * width])])) as Table // All four.
  await made.weight.write(Float32Array.from({ length: height * width }, () => random.normal()))
  return made
}

const elementsOf = (state: StateTensor): Float32Array => inHost(state) ?? new Float32Array(0)

const memoryOf = (of: Table): RowMemory => ({
  width,
  weight: elementsOf(of.weight),
  gradient: elementsOf(of.grad),
  average: elementsOf(of.exp_avg),
  squares: elementsOf(of.exp_avg_sq)
})

const scalarsAt = (step: number): Readonly<Record<string, number>> =>
  updateScalars(
    'adamw',
    { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentum: 0 },
    { step, learningRate: 3e-3 / step, weightDecay: 0.01, clipScale: 0.7 }
  )

/** The rows that each step reaches. Some come again, one only at the end. */
const reached = [[3, 17, 4], [17], [39, 0, 3], [8, 17]]

/** The gradients of a step's rows, of very different sizes. */
function fillGradients(of: Table, step: number): void {
  const random = new Random(step, 'gradients')
  for (const row of reached[step - 1] ?? [])
    for (let i = 0; i < width; i++) elementsOf(of.grad)[row * width + i] = random.normal() * 10 ** ((i % 9) - 6)
}

async function denseStep(of: Table, step: number): Promise<void> {
  await of.grad.clear()
  fillGradients(of, step)
  const { grad: _, ...written } = of
  const fed = Object.fromEntries(Object.entries(scalarsAt(step)).map(([name, value]) => [name, scalarTensor(value)]))
  const outputs = Object.fromEntries(Object.entries(written).map(([name, state]) => [updatedOutput(name), state]))
  await update.run({ inputs: { ...of, ...fed }, outputs })
}

async function sparseStep(of: Table, rows: SparseRows, step: number): Promise<void> {
  rows.clear()
  rows.fill(reached[step - 1] ?? [])
  fillGradients(of, step)
  const scalars = scalarsAt(step)
  const inputs = { weight: of.weight, keep: scalarTensor(scalars['keep'] ?? NaN) }
  await keep.run({ inputs, outputs: { [updatedOutput('weight')]: of.weight } })
  rows.update(scalars)
}

const bitsOf = ({ buffer, byteOffset, length }: Float32Array): Uint32Array => new Uint32Array(buffer, byteOffset, length)

function requireSameBits(a: Table, b: Table): void {
  for (const name of arrays) {
    const [one, other] = [bitsOf(elementsOf(a[name])), bitsOf(elementsOf(b[name]))]
    expect(one.filter((bits, i) => bits !== other[i]).length, name).toBe(0)
  }
}

describe('an embedding table that learns row by row', () => {
  it('gets the very sums of ScatterElements, rows that come again included', async () => {
    const uses = [3, 17, 3, 39, 0, 3, 17]
    const random = new Random(7, 'added')
    const added = Float32Array.from({ length: uses.length * width }, (_, i) => random.normal() * 10 ** ((i % 11) - 6))
    const g = new Ops({ training: false })
    const indices = g.expand(g.input('rows', 'int64', [uses.length, 1]), [uses.length, width])
    g.output('sums', g.scatterAdd(g.zeros([height, width]), indices, g.input('added', 'float32', [uses.length, width]), 0))
    const { program, feed } = await loadGraph(runtime, g.build(), {
      name: 'scatter',
      weights: null,
      state: () => runtime.allocate('float32', [1])
    })
    const numbers = BigInt64Array.from(uses, BigInt)
    const inputs = {
      rows: { type: 'int64', shape: [uses.length, 1], data: numbers },
      added: { type: 'float32', shape: [uses.length, width], data: added }
    } as const
    const { sums } = await program.run({ inputs: feed({ sizes: {}, inputs }), fetch: ['sums'] })
    const sparse = await table()
    new SparseRows(memoryOf(sparse), true).add(uses, added)
    expect(bitsOf(elementsOf(sparse.grad))).toEqual(bitsOf(sums?.data as Float32Array))
    expect(elementsOf(sparse.grad).some((value) => value !== 0)).toBe(true)
  })

  it('ends with the very bits that the optimizer program leaves in every row', async () => {
    const [dense, sparse] = [await table(), await table()]
    const rows = new SparseRows(memoryOf(sparse), true)
    for (let step = 1; step <= reached.length; step++) {
      await denseStep(dense, step)
      await sparseStep(sparse, rows, step)
      const squares = elementsOf(dense.grad).reduce((sum, value) => sum + value * value, 0)
      expect(Math.abs(rows.sumOfSquares() / squares - 1)).toBeLessThan(1e-12)
    }
    requireSameBits(dense, sparse)
    expect(elementsOf(sparse.exp_avg).some((value) => value !== 0)).toBe(true)
  })

  it('goes on from stored state with the rows that have some', async () => {
    const [dense, sparse] = [await table(), await table()]
    const before = new SparseRows(memoryOf(sparse), true)
    for (const step of [1, 2]) await denseStep(dense, step)
    for (const step of [1, 2]) await sparseStep(sparse, before, step)
    before.clear()
    const after = new SparseRows(memoryOf(sparse), false)
    for (const step of [3, 4]) await denseStep(dense, step)
    for (const step of [3, 4]) await sparseStep(sparse, after, step)
    requireSameBits(dense, sparse)
  })
})
