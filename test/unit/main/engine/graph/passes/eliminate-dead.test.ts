import { expect, it } from 'vitest'
import { eliminateDead } from '../../../../../../src/main/engine/graph/passes/eliminate-dead.ts'
import { Ops } from '../../../../../../src/main/engine/graph/operations.ts'

it('keeps what outputs need, in order, and leaves out the rest', () => {
  const g = new Ops({ training: false })
  const x = g.input('x', 'float32', [3])
  const kept = g.exp(x)
  g.log(g.sqrt(x))
  const shared = g.neg(kept)
  g.mul(shared, shared)
  g.output('y', g.add(kept, shared))
  g.output('x again', x)
  const graph = eliminateDead(g.build())
  expect(graph.nodes.map((node) => node.op.type)).toEqual(['Exp', 'Neg', 'Add'])
  expect([...graph.outputs.keys()]).toEqual(['y', 'x again'])
  expect(eliminateDead(graph).nodes).toEqual(graph.nodes)
})
