import { allOps } from '../ops/index.ts'
import type { Graph, Node } from '../types.ts'
import { alphaOf, isOverTokens } from './block-products.ts'
import { floatOf } from './float-of.ts'
import { gatherHeads } from './gather-heads.ts'
import { geluOnce } from './gelu-once.ts'
import { joinAdapters } from './join-adapters.ts'
import { maskProducts } from './mask-products.ts'
import { normalisationGradients } from './normalisation-gradient.ts'
import { rebuildGraph, type Lowering } from './rebuild.ts'
import { skipPadding } from './skip-padding.ts'
import { turnProducts } from './turn-products.ts'

/** Whether a node is a product over tokens that adds a vector to each row. */
const addsToRows = (node: Node): boolean => {
  const { op, inputs, attributes } = node
  const isWhole = floatOf(attributes['beta']) === 1
  return op.type === allOps.Gemm.type && inputs[2]?.shape.length === 1 && isWhole && isOverTokens(node)
}

/**
 * The same graph for processors: a bias is added to a product over tokens by a sum of its own, which takes no more time on small batches, so that the product
 * can be cut into blocks on large ones (block-products.ts). The last bits differ from those of a product that begins with the bias.
 */
export function lowerCpu(graph: Graph): Graph {
  const apart: Lowering = (g, node, [a = null, b = null, c = null]) => {
    if (!a || !b || !c || !addsToRows(node)) return g.apply(node.op, c ? [a, b, c] : [a, b], node.attributes)
    return [g.add(g.gemm(a, b, { transB: node.attributes['transB'] === 1, alpha: alphaOf(node.attributes) }), c)]
  }
  const made = graph.nodes.some(addsToRows)
    ? rebuildGraph(graph, (op) => (op.type === allOps.Gemm.type ? apart : undefined))
    : graph
  return [maskProducts, geluOnce, joinAdapters, normalisationGradients, turnProducts, gatherHeads, skipPadding].reduce(
    (graph, pass) => pass(graph),
    made
  )
}
