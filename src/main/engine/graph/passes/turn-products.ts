import { productOf } from '../shapes.ts'
import type { Graph, Node } from '../types.ts'
import { alphaOf } from './block-products.ts'
import { eliminateDead } from './eliminate-dead.ts'
import { Ways } from './factors.ts'
import { rebuildGraph } from './rebuild.ts'

/**
 * The same graph with the gradients of attention's keys and values, Pᵀ·dO for each head, made as (dOᵀ·P)ᵀ. To multiply by a turned matrix the library first lays it
 * out anew, twelve columns at a time: that pays where each is multiplied by 128 columns (P's), not where by the 32 or 64 of a head. The result is turned while its
 * heads are laid together, which has to be done anyway.
 */
export function turnProducts(graph: Graph): Graph {
  const ways = new Ways(graph)
  const found = new Map<Node, Node>()
  for (const node of graph.nodes) {
    const product = productTurnedBy(ways, node)
    if (product) found.set(node, product)
  }
  if (found.size === 0) return graph
  const made = rebuildGraph(graph, () => (g, node, inputs, now) => {
    const product = found.get(node)
    const [p, d] = product?.inputs ?? []
    const [rows, heads, time, width] = product?.outputs[0]?.shape ?? []
    if (!p || !d || rows === undefined || heads === undefined || time === undefined || width === undefined)
      return g.apply(node.op, inputs, node.attributes)
    const turned = g.fusedMatMul(now(d), now(p), { transA: true, alpha: alphaOf(product?.attributes ?? {}) })
    const together = g.transpose(g.reshape(turned, [rows, productOf([heads, width]), time]), [0, 2, 1])
    return [g.reshape(together, [rows, time, heads, width])]
  })
  return eliminateDead(made)
}

/** The product Pᵀ·d of each head whose heads a node lays together; null for any other node. */
function productTurnedBy(ways: Ways, { op, inputs: [x], attributes: { perm } }: Node): Node | null {
  if (op.type !== 'Transpose' || !Array.isArray(perm) || perm.join() !== '0,2,1,3' || x?.source.kind !== 'node') return null
  const { node } = x.source
  const { transA, transB } = node.attributes
  const [p, d] = node.inputs
  const width = d?.shape[3]
  const isTurned = node.op.type === 'FusedMatMul' && transA === 1 && transB !== 1 && p?.shape.length === 4
  const isNarrow = typeof width === 'number' && width < 128 && typeof d?.shape[1] === 'number'
  return isTurned && isNarrow && x.dtype === 'float32' && ways.readersOf(x).length === 1 && !ways.isOutput(x) ? node : null
}
