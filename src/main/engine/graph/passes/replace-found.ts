import type { Ops } from '../operations.ts'
import type { Graph, Node, Value } from '../types.ts'
import { eliminateDead } from './eliminate-dead.ts'
import { Ways } from './factors.ts'
import { rebuildGraph } from './rebuild.ts'

/**
 * The same graph with another value in the place of some nodes' one output: `find` says from any node which one is replaced and with what facts, `make` makes
 * the value. What nobody reads then goes. The graph itself where nothing is found.
 */
export function replaceFound<Found>(
  graph: Graph,
  find: (ways: Ways, node: Node) => readonly [Node, Found] | null,
  make: (g: Ops, found: Found, now: (value: Value) => Value) => Value
): Graph {
  const ways = new Ways(graph)
  const found = new Map(graph.nodes.flatMap((node) => [find(ways, node)].filter((each) => each !== null)))
  if (found.size === 0) return graph
  return eliminateDead(
    rebuildGraph(graph, () => (g, node, inputs, now) => {
      const facts = found.get(node)
      return facts === undefined ? g.apply(node.op, inputs, node.attributes) : [make(g, facts, now)]
    })
  )
}
