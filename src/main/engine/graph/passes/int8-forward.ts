import type { OpDefinition } from '../define-op.ts'
import { DynamicQuantizeLinear, MatMulIntegerToFloat } from '../int8-ops.ts'
import { Gemm } from '../ops/gemm.ts'
import { sizeAt } from '../shapes.ts'
import type { Graph, Node, Value } from '../types.ts'
import { rebuildGraph, type Lowering } from './rebuild.ts'

/** State slots of a frozen weight in 8 bits: its numbers, [in, out], and a scale for each of its columns. */
export const int8Slots = (tensor: string): { readonly values: string; readonly scales: string } => ({
  values: `int8/${tensor}`,
  scales: `int8-scales/${tensor}`
})

/**
 * Computes the frozen linear layers of a training graph's forward pass in 8 bits, y = dequantise(quantise(x) · W₈) + b, with x quantised as a whole to
 * the range that it has in this batch. Gradients were made before and stay as they are: they go through the float weights, as if the layer had
 * computed x·Wᵀ + b (a straight-through estimate, arXiv:1308.3432). `isWanted` leaves layers out by their weight.
 */
export function int8Forward(graph: Graph, isWanted: (tensor: string) => boolean = () => true): Graph {
  const quantised = new Map<Value, readonly Value[]>()
  const lowering: Lowering = (g, node, inputs) => {
    const frozen = frozenLinear(node)
    const [x = null, , bias = null] = inputs
    if (frozen === null || x === null || !isWanted(frozen.tensor)) return g.apply(node.op, inputs, node.attributes)
    const known = quantised.get(x) ?? g.apply(DynamicQuantizeLinear, [x], {})
    quantised.set(x, known)
    const [bytes = null, step = null, zero = null] = known
    const { values, scales } = int8Slots(frozen.tensor)
    const W = g.state(values, 'int8', [frozen.in, frozen.out])
    return g.apply(MatMulIntegerToFloat, [bytes, W, step, g.state(scales, 'float32', [frozen.out]), zero, null, bias], {})
  }
  return rebuildGraph(graph, (op: OpDefinition) => (op.type === Gemm.type ? lowering : undefined))
}

/** A frozen weight that a graph's forward pass multiplies by. */
export interface FrozenLinear {
  readonly tensor: string
  readonly in: number
  readonly out: number
}

/** The weights that {@link int8Forward} computes with in 8 bits, each once. */
export function frozenLinears({ nodes }: Graph): readonly FrozenLinear[] {
  return [...new Map(nodes.flatMap((node) => frozenLinear(node) ?? []).map((linear) => [linear.tensor, linear])).values()]
}

/**
 * What a node multiplies by, where it is a frozen linear layer of an encoder layer on the way to the loss; else null. The pooled layer and the head stay as
 * they are: an error in them goes straight into the answer.
 */
function frozenLinear({ op, inputs: [, weight], attributes, scope }: Node): FrozenLinear | null {
  if (op.type !== Gemm.type || weight?.source.kind !== 'weight' || !/\blayer\.\d+\./.test(scope)) return null
  if (attributes['transA'] !== 0 || attributes['transB'] !== 1) return null
  if (scope.split('/').some((step) => step === 'grad' || step === 'again')) return null
  return { tensor: weight.source.tensor, in: sizeAt(weight.shape, 1), out: sizeAt(weight.shape, 0) }
}
