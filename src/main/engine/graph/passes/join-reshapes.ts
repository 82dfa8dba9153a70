import type { Graph, Node, Value } from '../types.ts'
import { eliminateDead } from './eliminate-dead.ts'
import { rebuildGraph, type Lowering } from './rebuild.ts'

/** Whether a node does nothing but give a shape that is known with the batch. One that is worked out from a value makes the runtime wait for it (gelu-once.ts): such stay. */
const isReshape = ({ op, inputs: [, shape] }: Node): boolean => op.type === 'Reshape' && shape?.source.kind !== 'node'

/** What a value was before it was put into its shape. */
const unshaped = (value: Value): Value => {
  const { source } = value
  return source.kind === 'node' && isReshape(source.node) ? (source.node.inputs[0] ?? value) : value
}

/** The same graph with each row of reshapes made as the last of them, and without those that change nothing. A reshape copies nothing, but the runtime takes time for every node. */
export function joinReshapes(graph: Graph): Graph {
  const joined: Lowering = (g, node, [x = null, ...shape]) => {
    const [y] = node.outputs
    if (!isReshape(node)) return g.apply(node.op, [x, ...shape], node.attributes)
    const from = x && unshaped(x)
    if (from && y && from.shape.join() === y.shape.join()) return [from]
    return g.apply(node.op, [from, ...shape], node.attributes)
  }
  return eliminateDead(rebuildGraph(graph, ({ type }) => (type === 'Reshape' ? joined : undefined)))
}
