import { bindShape } from './shapes.ts'
import type { Graph, Node } from './types.ts'

/** Floating-point operations of a graph's matrix products (two for each multiply-add), with numbers put in for the named dims. */
export function matrixFlop(graph: Graph, sizes: Readonly<Record<string, number>>): number {
  return graph.nodes.reduce((sum, node) => sum + nodeFlop(node, sizes), 0)
}

/** Those of one node; 0 where it is no matrix product. */
export function nodeFlop({ op, inputs, outputs, attributes }: Node, sizes: Readonly<Record<string, number>>): number {
  if (op.type !== 'Gemm' && op.type !== 'MatMul' && op.type !== 'FusedMatMul') return 0
  const [a] = inputs
  const [y] = outputs
  if (!a || !y) return 0
  const inner = bindShape(a.shape, sizes).at(attributes['transA'] === 1 ? -2 : -1) ?? 1
  return 2 * inner * bindShape(y.shape, sizes).reduce((product, size) => product * size, 1)
}
