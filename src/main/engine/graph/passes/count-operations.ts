import { bindShape } from '../shapes.ts'
import type { Graph, Node, Shape } from '../types.ts'

/** Floating-point operations of a graph, once the numbers behind its named dims are known. */
export type OperationCount = (sizes: Readonly<Record<string, number>>) => number

/**
 * Counts the floating-point operations of a graph's matrix products: Y[…, m, n] = A[…, m, k] · B[…, k, n] takes 2·k for each element of Y, a multiplication and
 * an addition. What else there is (sums, activations, normalisation) is left out, as is usual: it is a few per cent of a transformer's.
 */
export function countOperations(graph: Graph): OperationCount {
  // Layers are alike, so a graph of hundreds of products has a dozen kinds of them.
  const kinds = new Map<string, { readonly dims: Shape; times: number }>()
  for (const node of graph.nodes) {
    const dims = productIn(node)
    if (dims === null) continue
    const key = dims.join()
    const kind = kinds.get(key) ?? { dims, times: 0 }
    kind.times++
    kinds.set(key, kind)
  }
  const all = [...kinds.values()]
  return (sizes) => all.reduce((sum, { dims, times }) => sum + 2 * times * product(bindShape(dims, sizes)), 0)
}

/** Floating-point operations of one node; 0 where it is no matrix product. */
export function nodeFlop(node: Node, sizes: Readonly<Record<string, number>>): number {
  const dims = productIn(node)
  return dims === null ? 0 : 2 * product(bindShape(dims, sizes))
}

const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1)

const products = new Set(['Gemm', 'MatMul', 'FusedMatMul', 'MatMulIntegerToFloat'])

/** m, n, k and what else a matrix product goes through; null for any other node. */
function productIn({ op, inputs: [a], outputs: [y], attributes }: Node): Shape | null {
  if (!products.has(op.type)) return null
  if (!a || !y) return null
  return [...y.shape, a.shape.at(attributes['transA'] === 1 ? -2 : -1) ?? 1]
}
