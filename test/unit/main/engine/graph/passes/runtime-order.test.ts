import { describe, expect, it } from 'vitest'
import { Ops } from '../../../../../../src/main/engine/graph/operations.ts'
import {
  lifetimesOf,
  orderForBackward,
  peakBytes,
  runtimeOrder
} from '../../../../../../src/main/engine/graph/passes/runtime-order.ts'
import { bindShape } from '../../../../../../src/main/engine/graph/shapes.ts'
import type { Graph, Value } from '../../../../../../src/main/engine/graph/types.ts'
import { verifyGraph } from '../../../../../../src/main/engine/graph/verify.ts'
import { tinyTraining } from '../../../../../helpers/tiny-bert.ts'

const floats = (value: Value): number => 4 * bindShape(value.shape, { n: 1000 }).reduce((product, size) => product * size, 1)
const names = (graph: Graph): string[] => runtimeOrder(graph).map(({ op }) => op.type)

describe('peakBytes', () => {
  it('counts what is alive at the same time, and a view not twice', () => {
    const g = new Ops({ training: false })
    const a = g.exp(g.input('x', 'float32', ['n', 2]))
    const b = g.neg(g.reshape(a, ['n*2']))
    g.output('y', g.sumAll(g.sqrt(b)))
    // Exp's result lives until Neg has read it through the view; then Neg's and Sqrt's.
    expect(peakBytes(lifetimesOf(g.build()), floats)).toBe(2 * 8000)
  })

  it('counts a value up to its last reader', () => {
    const g = new Ops({ training: false })
    const a = g.exp(g.input('x', 'float32', ['n']))
    const long = g.neg(g.sqrt(g.abs(a)))
    g.output('y', g.sumAll(g.add(long, a)))
    expect(peakBytes(lifetimesOf(g.build()), floats)).toBe(3 * 4000)
  })
})

describe('runtimeOrder', () => {
  it('goes depth first from the last leaf, into the latest input first', () => {
    const g = new Ops({ training: false })
    const x = g.input('x', 'float32', ['n'])
    g.output('a', g.exp(x))
    g.output('b', g.add(g.neg(x), g.sqrt(x)))
    expect(names(g.build())).toEqual(['Sqrt', 'Neg', 'Add', 'Exp'])
  })
})

describe('orderForBackward', () => {
  it.each(['full', 'lora'] as const)(
    'keeps all nodes of a %s training graph, in an order that files must have',
    async (method) => {
      const { graph } = await tinyTraining(method)
      expect(() => {
        verifyGraph(graph)
      }).not.toThrow()
      expect(new Set(runtimeOrder(graph)).size).toBe(graph.nodes.length)
    }
  )

  it('computes a weight gradient as soon as it can, and a recomputed value when it is needed', () => {
    const g = new Ops({ training: false })
    const [x, seed] = [g.input('x', 'float32', ['n']), g.input('seed', 'float32', ['n'])]
    const late = g.exp(x)
    const first = g.mul(seed, x)
    g.output('first', g.sqrt(first))
    g.output('second', g.add(first, g.neg(late)))
    expect(names(g.build())).toEqual(['Exp', 'Neg', 'Mul', 'Add', 'Sqrt'])
    expect(names(orderForBackward(g.build(), seed))).toEqual(['Mul', 'Sqrt', 'Exp', 'Neg', 'Add'])
  })
})
