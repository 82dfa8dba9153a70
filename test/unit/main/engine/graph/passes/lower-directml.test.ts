import { describe, expect, it } from 'vitest'
import { backward } from '../../../../../../src/main/engine/autodiff/backward.ts'
import { Ops } from '../../../../../../src/main/engine/graph/operations.ts'
import { lowerDirectml } from '../../../../../../src/main/engine/graph/passes/lower-directml.ts'
import type { Graph } from '../../../../../../src/main/engine/graph/types.ts'
import { evaluate } from '../../../../../helpers/interpreter/index.ts'
import { numbersFor } from '../../../../../helpers/leaf-numbers.ts'
import { tinyTraining } from '../../../../../helpers/tiny-bert.ts'
import { gradientCases } from '../../autodiff/gradient-cases.ts'

const scattered = ({ nodes }: Graph): number => nodes.filter(({ op }) => op.type === 'ScatterElements').length

function expectEqual(
  graph: Graph,
  values: Readonly<Record<string, Float64Array>>,
  sizes: Readonly<Record<string, number>>
): void {
  const expected = evaluate(graph, { values, sizes })
  const found = evaluate(lowerDirectml(graph), { values, sizes })
  expect(Object.keys(found)).toEqual(Object.keys(expected))
  for (const [name, { shape, data }] of Object.entries(expected)) {
    expect(found[name]?.shape).toEqual(shape)
    data.forEach((value, i) => {
      const other = found[name]?.data[i] ?? NaN
      expect(Math.abs(other - value), `${name}[${i}]: ${other} should be ${value}`).toBeLessThanOrEqual(
        1e-12 * Math.max(1, Math.abs(value))
      )
    })
  }
}

/** The gradient of a sum of products with what a function makes. */
function gradientOf(
  f: (g: Ops, ...inputs: ReturnType<Ops['state']>[]) => ReturnType<Ops['state']>,
  shapes: readonly (readonly (number | string)[])[]
): Graph {
  const g = new Ops({ training: false })
  const inputs = shapes.map((shape, i) => g.state(`x${i}`, 'float32', shape))
  const y = f(g, ...inputs)
  const loss = g.sumAll(g.mul(y, g.input('r', 'float32', y.shape)))
  for (const [input, gradient] of backward(g, loss, inputs)) g.output(`d${input.name}`, gradient)
  return g.build()
}

describe('lowering for DirectML', () => {
  it.each(gradientCases.filter(({ name }) => name.startsWith('Gather')))('computes the gradient of $name', (row) => {
    const graph = gradientOf(row.f, row.shapes)
    expectEqual(graph, numbersFor(graph, row.sizes ?? {}), row.sizes ?? {})
  })

  it('adds rows of a table, and one number to each row, by products', () => {
    const rows = gradientOf((g, x) => g.gather(x, g.input('ids', 'int64', ['tokens'])), [[600, 2]])
    const picked = gradientOf((g, x) => g.gatherElements(x, g.input('at', 'int64', ['rows', 1]), 1), [['rows', 3]])
    for (const graph of [rows, picked]) {
      expect(scattered(graph)).toBe(1)
      expect(scattered(lowerDirectml(graph))).toBe(0)
      const sizes = { tokens: 5, rows: 4 }
      expectEqual(graph, numbersFor(graph, sizes), sizes)
    }
  })

  it('adds rows to what a slot holds', () => {
    const g = new Ops({ training: false })
    const ids = g.expand(g.reshape(g.input('ids', 'int64', ['tokens']), ['tokens', 1]), ['tokens', 2])
    g.output('sum', g.scatterAdd(g.state('table', 'float32', [600, 2]), ids, g.input('updates', 'float32', ['tokens', 2]), 0))
    const graph = g.build()
    expect(scattered(lowerDirectml(graph))).toBe(0)
    expectEqual(graph, numbersFor(graph, { tokens: 5 }), { tokens: 5 })
  })

  it('leaves to the processor what would take too much of the card, and indices of another kind', () => {
    const long = gradientOf((g, x) => g.gather(x, g.input('ids', 'int64', ['tokens'])), [[70_000, 2]])
    const any = gradientOf((g, x) => g.gatherElements(x, g.input('at', 'int64', [2, 2]), 1), [[2, 3]])
    expect([scattered(lowerDirectml(long)), scattered(lowerDirectml(any))]).toEqual([1, 1])
    expectEqual(any, numbersFor(any, {}), {})
  })

  it('leaves but the rows that the head reads in the training graph of a tiny BERT whose embeddings learn, and computes the same', async () => {
    const { graph } = await tinyTraining('full')
    const left = lowerDirectml(graph).nodes.filter(({ op }) => op.type === 'ScatterElements')
    expect(left.map(({ inputs: [data] }) => data?.shape)).toEqual([['tokens', 16]])
    const sizes = { rows: 2, time: 3, tokens: 6 }
    expectEqual(graph, { ...numbersFor(graph, sizes), loss_scale: Float64Array.of(0.5) }, sizes)
  })
})
