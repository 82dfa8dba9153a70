import { productOf } from '../shapes.ts'
import type { Dim, Graph, Node, Value } from '../types.ts'
import { alphaOf } from './block-products.ts'
import type { Ways } from './factors.ts'
import { isHeadsFirst } from './fold-projection.ts'
import { replaceFound } from './replace-found.ts'

/** Pᵀ·d of each head, of shape [rows, heads, time, width]. */
interface Product {
  readonly p: Value
  readonly d: Value
  readonly alpha: number
  readonly shape: readonly [Dim, Dim, Dim, Dim]
}

/**
 * The same graph with the gradients of attention's keys and values, Pᵀ·dO for each head, made as (dOᵀ·P)ᵀ. To multiply by a turned matrix the library first lays it
 * out anew, twelve columns at a time: that pays where each is multiplied by 128 columns (P's), not where by the 32 or 64 of a head. The result is turned while its
 * heads are laid together, which has to be done anyway.
 */
export function turnProducts(graph: Graph): Graph {
  return replaceFound(graph, productIn, (g, { p, d, alpha, shape: [rows, heads, time, width] }, now) => {
    const turned = g.fusedMatMul(now(d), now(p), { transA: true, alpha })
    const together = g.transpose(g.reshape(turned, [rows, productOf([heads, width]), time]), [0, 2, 1])
    return g.reshape(together, [rows, time, heads, width])
  })
}

/** The product Pᵀ·d of each head whose heads a node lays together; null for any other node. */
function productIn(ways: Ways, node: Node): readonly [Node, Product] | null {
  const [x] = node.inputs
  if (node.op.type !== 'Transpose' || !isHeadsFirst(node) || x?.source.kind !== 'node') return null
  const { op, inputs, attributes } = x.source.node
  const [p, d] = inputs
  const [rows, heads, time, width] = x.shape
  const isTurned = op.type === 'FusedMatMul' && attributes['transA'] === 1 && attributes['transB'] !== 1
  if (!isTurned || !p || !d || rows === undefined || time === undefined || x.shape.length !== 4) return null
  const isNarrow = typeof width === 'number' && width < 128 && typeof heads === 'number'
  const isAlone = x.dtype === 'float32' && ways.readersOf(x).length === 1 && !ways.isOutput(x)
  return isNarrow && isAlone ? [node, { p, d, alpha: alphaOf(attributes), shape: [rows, heads, time, width] }] : null
}
