import { eachAlone, MaskProduct } from '../mask-product.ts'
import { sameShape } from '../shapes.ts'
import type { Graph, Node, Value } from '../types.ts'
import { eliminateDead } from './eliminate-dead.ts'
import { Factors, Ways } from './factors.ts'
import { rebuildGraph } from './rebuild.ts'

/** A product with a dropout mask: `x ∘ mask · factor`. */
interface Masked {
  readonly x: Value
  readonly factor: number
}

/**
 * The same graph with each dropout mask laid over its numbers in one pass (`MaskProduct`), instead of the mask as floats and a product. The factor
 * 1 / (1 − p) goes into the alpha of a matrix product: the one that made the numbers, or those that read them. Where there is none, both passes stay. So
 * they do in attention where the backward pass makes the probabilities with their dropout again: two products share the floats there.
 */
export function maskProducts(graph: Graph): Graph {
  const ways = new Ways(graph)
  const factors = new Factors()
  const found = new Map<Node, Masked>()
  const isShared = graph.nodes.some((node) => node.scope.endsWith('/again') && (maskedIn(node)?.x.shape.length ?? 0) > 2)
  for (const node of graph.nodes) {
    const candidate = maskedIn(node)
    const masked = isShared && candidate && candidate.x.shape.length > 2 ? null : candidate
    const [y] = node.outputs
    const steps = masked && y ? (ways.before(masked.x) ?? ways.behind(y)) : null
    if (!masked || !steps) continue
    found.set(node, masked)
    factors.add(steps, masked.factor)
  }
  if (found.size === 0) return graph
  const made = rebuildGraph(graph, () => (g, node, inputs) => {
    const masked = found.get(node)
    if (!masked) return factors.apply(g, node, inputs)
    const [first = null, second = null] = inputs
    const [x, floats] = node.inputs[0] === masked.x ? [first, second] : [second, first]
    const [mask = null] = floats?.source.kind === 'node' ? floats.source.node.inputs : []
    return g.apply(MaskProduct, [mask, x], eachAlone)
  })
  return eliminateDead(made)
}

/** What a product of floats with a mask from the batch is made of; null for any other node. */
function maskedIn({ op, inputs }: Node): Masked | null {
  if (op.type !== 'Mul') return null
  for (const [x, other] of [inputs, [...inputs].reverse()]) {
    const made = other?.source.kind === 'node' && other.source.node.op.type === 'DequantizeLinear' ? other.source.node : null
    const [mask, scale] = made?.inputs ?? []
    if (!x || mask?.source.kind !== 'input' || scale?.source.kind !== 'constant') continue
    const [factor] = scale.source.data
    const fits = x.dtype === 'float32' && x.shape.length > 1 && sameShape(x.shape, mask.shape)
    if (fits && factor !== undefined) return { x, factor }
  }
  return null
}
