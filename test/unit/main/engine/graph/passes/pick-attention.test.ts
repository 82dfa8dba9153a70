import { describe, expect, it } from 'vitest'
import { backward } from '../../../../../../src/main/engine/autodiff/backward.ts'
import { selfAttention } from '../../../../../../src/main/engine/blocks/attention.ts'
import { Scope, type SiteAdapter } from '../../../../../../src/main/engine/blocks/scope.ts'
import { Ops } from '../../../../../../src/main/engine/graph/operations.ts'
import { eliminateDead } from '../../../../../../src/main/engine/graph/passes/eliminate-dead.ts'
import { pickEarly } from '../../../../../../src/main/engine/graph/passes/pick-early.ts'
import type { Graph, Value } from '../../../../../../src/main/engine/graph/types.ts'
import { verifyGraph } from '../../../../../../src/main/engine/graph/verify.ts'
import { evaluate } from '../../../../../helpers/interpreter/index.ts'
import { draw } from '../../../../../helpers/samples.ts'

const [width, heads] = [4, 2]
const sizes = { rows: 2, time: 3, tokens: 6 }
const values = {
  h: draw('h', 24),
  // The second row is one token shorter.
  bias: [0, 0, 0, 0, 0, -1e9],
  first: [0, 3],
  ...Object.fromEntries(
    ['query', 'key', 'value'].flatMap((name) => [
      [`${name}.weight`, draw(name, 16)],
      [`${name}.bias`, draw(`${name} bias`, 4)]
    ])
  ),
  'dropout/attention': Array.from({ length: 36 }, (_, i) => (i % 4 === 1 ? 0 : 1))
}

interface Kind {
  readonly isEarly?: boolean
  readonly dropout?: number
  readonly dim?: 'rows' | 'examples'
  /** What an adapter makes of a projection of the states. */
  readonly adapt?: SiteAdapter['linear']
  /** Reads more than the first tokens. */
  readonly use?: (g: Ops, attended: Value) => Value
}

/** Attention of which the head reads the first token of each row: what it reads, and the gradients of the projections' weights. */
function attention({ isEarly = true, dropout = 0.25, dim = 'rows', adapt, use }: Kind): Graph {
  const g = new Ops({ training: true })
  const trained = new Map<string, Value>()
  const param = (name: string, shape: readonly (number | string)[]): Value => {
    const value = trained.get(name) ?? g.input(name.replace('attention.', ''), 'float32', shape)
    trained.set(name, value)
    return value
  }
  const surroundings = {
    g,
    param,
    adapterAt: () => (adapt ? { linear: adapt } : undefined),
    mark: (_: string, value: Value) => value
  }
  const attended = selfAttention(new Scope(surroundings, 'attention'), g.input('h', 'float32', ['tokens', width]), {
    ...{ heads, layer: 0, dropout, names: { query: 'query', key: 'key', value: 'value' } },
    bias: g.input('bias', 'float32', ['rows', 1, 1, 'time'])
  })
  const logits = g.tanh(g.gather(attended, g.input('first', 'int64', [dim])))
  const other = use?.(g, attended)
  const picked = isEarly ? pickEarly(g, logits) : logits
  const loss = g.sumAll(g.mul(picked, picked))
  const gradients = backward(g, other ? g.add(loss, other) : loss, [...trained.values()])
  g.output('logits', picked)
  for (const [value, gradient] of gradients) g.output(`grad/${value.name}`, gradient)
  const graph = eliminateDead(g.build())
  verifyGraph(graph)
  return graph
}

const queriesOf = (graph: Graph): unknown[] =>
  graph.nodes.filter(({ op }) => op.type === 'Softmax').map(({ outputs: [y] }) => y?.shape[2])

describe('attention of which only the first tokens are read', () => {
  it.each([0, 0.25])('is worked out for them alone, to the same values and gradients, with dropout %d', (dropout) => {
    const graphs = [false, true].map((isEarly) => attention({ isEarly, dropout }))
    expect(graphs.map(queriesOf)).toEqual([['time'], [1]])
    const [wide, narrow] = graphs.map((graph) => evaluate(graph, { values, sizes }))
    expect(Object.keys(wide ?? {})).toHaveLength(7)
    for (const [name, { data }] of Object.entries(wide ?? {})) {
      const found = narrow?.[name]?.data ?? []
      for (const [i, value] of data.entries()) expect(Math.abs((found[i] ?? NaN) - value), name).toBeLessThan(1e-9)
    }
  })

  it('takes keys and values, read once, to the other side of their projections, whatever is added to these', () => {
    const projected = ({ nodes }: Graph): number =>
      nodes.filter(({ op, inputs: [x, w] }) => op.type === 'Gemm' && x?.shape[0] === 'tokens' && w?.shape[0] === width).length
    const adapt: SiteAdapter['linear'] = ({ g, x, base }) => {
      const narrow = g.gemm(x, g.constant([1, 0, -1, 2, 0.5, 1, 1, -0.5], [2, width], 'float32'), { transB: true })
      const low = g.gemm(narrow, g.constant([1, 2, 3, 4, -1, -2, -3, 0], [width, 2], 'float32'), {
        transB: true,
        alpha: 0.5,
        c: base()
      })
      return g.add(g.mul(low, g.constant([1, 2, 0.5, -1], [width], 'float32')), g.constant([0.1, 0, 0.3, 0], [width], 'float32'))
    }
    const graphs = [false, true].map((isEarly) => attention({ isEarly, adapt }))
    expect(graphs.map(projected)).toEqual([6, 0])
    const [wide, narrow] = graphs.map((graph) => evaluate(graph, { values, sizes }))
    expect(Object.keys(wide ?? {})).toHaveLength(7)
    for (const [name, { data }] of Object.entries(wide ?? {}))
      for (const [i, value] of data.entries()) expect(Math.abs((narrow?.[name]?.data[i] ?? NaN) - value), name).toBeLessThan(1e-9)
  })

  it('keeps keys and values where they are more than products and sums', () => {
    const graph = attention({ adapt: ({ g, base }) => g.tanh(base()) })
    expect(queriesOf(graph)).toEqual([1])
    expect(graph.nodes.filter(({ op, outputs: [y] }) => op.type === 'Tanh' && y?.shape[0] === 'tokens')).toHaveLength(2)
  })

  it('stays whole where rows hold several texts, and where something else reads all of it', () => {
    expect(queriesOf(attention({ dim: 'examples' }))).toEqual(['time'])
    expect(queriesOf(attention({ use: (g, attended) => g.sumAll(attended) }))).toEqual(['time'])
  })

  it('takes the sum of the softmax’s gradient over the width of a head', () => {
    const { nodes } = attention({ isEarly: false })
    const sums = nodes.filter(({ op, scope }) => op.type === 'ReduceSum' && scope === 'attention/grad')
    expect(sums.map(({ inputs: [x] }) => x?.shape)).toContainEqual(['rows', heads, 'time', width / heads])
    expect(sums.map(({ inputs: [x] }) => x?.shape)).not.toContainEqual(['rows', heads, 'time', 'time'])
  })
})
