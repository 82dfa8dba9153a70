import type { Graph, Value } from './types.ts'

/** The values that no node makes, each once, in order of first use. */
export function leavesOf(graph: Graph): readonly Value[] {
  const leaves = new Set<Value>()
  const visit = (value: Value | null): void => {
    if (value && value.source.kind !== 'node') leaves.add(value)
  }
  for (const node of graph.nodes) node.inputs.forEach(visit)
  for (const value of graph.outputs.values()) visit(value)
  return [...leaves]
}
