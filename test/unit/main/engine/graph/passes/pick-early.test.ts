import { describe, expect, it } from 'vitest'
import { Ops } from '../../../../../../src/main/engine/graph/operations.ts'
import { eliminateDead } from '../../../../../../src/main/engine/graph/passes/eliminate-dead.ts'
import { pickEarly } from '../../../../../../src/main/engine/graph/passes/pick-early.ts'
import type { Graph, Value } from '../../../../../../src/main/engine/graph/types.ts'
import { verifyGraph } from '../../../../../../src/main/engine/graph/verify.ts'
import { evaluate } from '../../../../../helpers/interpreter/index.ts'
import { draw } from '../../../../../helpers/samples.ts'

const sizes = { rows: 2, time: 3, tokens: 6 }
const feeds = {
  ...Object.fromEntries(
    [
      ['x', 24],
      ['up', 32],
      ['down', 32],
      ['scale', 4],
      ['bias', 4],
      ['head', 8]
    ].map(([name, count]) => [String(name), draw(String(name), Number(count))])
  ),
  first: [0, 3],
  'dropout/block': Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? 0 : 1))
}

/** A feed-forward block with residual, dropout and normalisation, of which the head reads two rows. `use` may read its values, too. */
function block(
  isEarly: boolean,
  use: (g: Ops, values: { readonly residual: Value; readonly active: Value }) => void = () => {}
): Graph {
  const g = new Ops({ training: true })
  const residual = g.tanh(g.input('x', 'float32', ['tokens', 4]))
  const active = g.gelu(g.gemm(residual, g.input('up', 'float32', [8, 4]), { transB: true }))
  const down = g.gemm(active, g.input('down', 'float32', [4, 8]), { transB: true })
  const dropped = g.within('block', () => g.dropout(down, 0.5))
  const [normal] = g.layerNormalization(
    g.add(dropped, residual),
    g.input('scale', 'float32', [4]),
    g.input('bias', 'float32', [4]),
    1e-5
  )
  const picked = g.gather(normal, g.input('first', 'int64', ['rows']))
  const logits = g.gemm(picked, g.input('head', 'float32', [2, 4]), { transB: true })
  use(g, { residual, active })
  g.output('logits', isEarly ? pickEarly(g, logits) : logits)
  const graph = eliminateDead(g.build())
  verifyGraph(graph)
  return graph
}

const rowsOf = (graph: Graph, type: string): unknown[] =>
  graph.nodes.filter(({ op }) => op.type === type).map(({ outputs: [y] }) => y?.shape[0])

describe('pickEarly', () => {
  it('computes the same rows', () => {
    const [wide, narrow] = [block(false), block(true)].map((graph) => evaluate(graph, { values: feeds, sizes })['logits'])
    expect([...(narrow?.data ?? [])]).toEqual([...(wide?.data ?? [])])
  })

  it('leaves only the picked rows to everything that treats rows alike', () => {
    const graph = block(true)
    expect(rowsOf(graph, 'Gemm')).toEqual(['rows', 'rows', 'rows'])
    expect(rowsOf(graph, 'Gelu')).toEqual(['rows'])
    expect(rowsOf(graph, 'LayerNormalization')).toEqual(['rows'])
    expect(rowsOf(graph, 'Tanh')).toEqual(['rows'])
    expect(rowsOf(block(false), 'Gemm')).toEqual(['tokens', 'tokens', 'rows'])
  })

  it('stops below a value that something else reads in full', () => {
    const graph = block(true, (g, { active }) => {
      g.output('all', g.sumAll(active))
    })
    expect(rowsOf(graph, 'Gelu')).toEqual(['tokens'])
    expect(rowsOf(graph, 'LayerNormalization')).toEqual(['rows'])
  })

  it('still takes the dropout mask of all rows, so that the draws stay what they were', () => {
    const mask = block(true)
      .nodes.flatMap(({ inputs }) => inputs)
      .find((input) => input?.name === 'dropout/block')
    expect(mask?.shape).toEqual(['tokens', 4])
  })

  it('gives the result back as it is where nothing is picked', () => {
    const g = new Ops({ training: false })
    const y = g.tanh(g.input('x', 'float32', ['tokens', 4]))
    expect(pickEarly(g, y)).toBe(y)
    expect(g.nodes).toHaveLength(1)
  })
})
