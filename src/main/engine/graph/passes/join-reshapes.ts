import type { Graph, Value } from '../types.ts'
import { eliminateDead } from './eliminate-dead.ts'
import { rebuildGraph, type Lowering } from './rebuild.ts'

/** What a value was before it was put into its shape. */
const unshaped = (value: Value): Value => {
  const { source } = value
  return source.kind === 'node' && source.node.op.type === 'Reshape' ? (source.node.inputs[0] ?? value) : value
}

/** The same graph with each row of reshapes made as the last of them, and without those that change nothing. A reshape copies nothing, but the runtime takes time for every node. */
export function joinReshapes(graph: Graph): Graph {
  const joined: Lowering = (g, node, [x = null, ...shape]) => {
    const [y] = node.outputs
    const from = x && unshaped(x)
    if (from && y && from.shape.join() === y.shape.join()) return [from]
    return g.apply(node.op, [from, ...shape], node.attributes)
  }
  return eliminateDead(rebuildGraph(graph, ({ type }) => (type === 'Reshape' ? joined : undefined)))
}
