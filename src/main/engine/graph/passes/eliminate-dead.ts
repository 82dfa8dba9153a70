import type { Graph, Node } from '../types.ts'

/** Leaves out every node that no output needs. The order of the rest stays. */
export function eliminateDead(graph: Graph): Graph {
  const alive = new Set<Node>()
  const stack = [...graph.outputs.values()]
  for (let value = stack.pop(); value; value = stack.pop()) {
    if (value.source.kind !== 'node' || alive.has(value.source.node)) continue
    alive.add(value.source.node)
    for (const input of value.source.node.inputs) if (input) stack.push(input)
  }
  return { nodes: graph.nodes.filter((node) => alive.has(node)), outputs: graph.outputs }
}
