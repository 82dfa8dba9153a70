import { lazy } from '../../../base/lazy.ts'
import type { OpDefinition } from '../define-op.ts'
import type { Ops } from '../operations.ts'
import { allOps } from '../ops/index.ts'
import { isFloat, type Graph, type Node, type Value } from '../types.ts'
import { eliminateDead } from './eliminate-dead.ts'
import { rebuildGraph } from './rebuild.ts'

/** Element types of 16 bits that products can be computed in. */
export type Half = 'float16' | 'bfloat16'

// An op's own input names do not matter here: inputs come by position.
const setOf = (...ops: readonly unknown[]): ReadonlySet<OpDefinition> => new Set(ops as OpDefinition[])

/** Matrix products: computed in 16 bits (their sums are kept in float32 by the kernels), as torch.autocast does. */
const products = setOf(allOps.MatMul, allOps.FusedMatMul, allOps.Gemm)

/**
 * What only moves numbers, or maps each by itself as torch.autocast leaves it to do: computed in the type that its input is in. All have kernels of float16 and
 * bfloat16 in the CUDA provider at opset 18 (its OperatorKernels.md; Pad, Log, Reciprocal, ReduceMean and OneHot lack bfloat16).
 */
const followers = setOf(
  ...[allOps.Reshape, allOps.Transpose, allOps.Slice, allOps.Concat, allOps.Gather, allOps.Squeeze, allOps.Unsqueeze],
  ...[allOps.Expand, allOps.Identity, allOps.Gelu, allOps.FastGelu, allOps.QuickGelu, allOps.Relu, allOps.Sigmoid, allOps.Tanh]
)

/** Scopes whose products are part of a loss. */
const isLoss = ({ scope }: Node): boolean => scope === 'loss' || scope.startsWith('loss/')

/** What the host feeds, and rows of ones and zeros, are exact: a product with them sums numbers that are float32 anyway. */
const isExact = (value: Value | null): boolean =>
  value?.source.kind === 'input' || (value?.source.kind === 'node' && value.source.node.op.type === 'OneHot')

/**
 * The same graph in mixed precision: matrix products in `half`, everything else (normalisation, softmax, losses, sums of gradients) in float32, with casts
 * between. Frozen weights that products read become weights of `half`; trained ones stay float32 in their slots and are cast in every run. Outputs keep their
 * types, so gradients come out in float32.
 */
export function mixPrecision(graph: Graph, half: Half): Graph {
  const casts = new Map<Value, Value>()
  const isOutput = new Set(graph.outputs.values())
  /** `value` in another float type, made once. */
  const as = (g: Ops, value: Value, type: Half | 'float32'): Value => {
    if (!isFloat(value.dtype) || value.dtype === type) return value
    const known = casts.get(value) ?? narrowWeight(g, value, type) ?? g.cast(value, type)
    casts.set(value, known)
    return known
  }
  const isOperand = reshapedOperands(graph)
  const mixed = rebuildGraph(
    graph,
    (op) => (g, node, inputs) => {
      const type = isOperand.has(node) ? half : typeOf(op, node, inputs, half)
      const cast = inputs.map((input) => input && as(g, input, type))
      const outputs = g.apply(op, cast, node.attributes)
      // At once, so that casts of results stand where the order of the graph wants the results.
      return outputs.map((output, i) => (node.outputs[i] && isOutput.has(node.outputs[i]) ? as(g, output, 'float32') : output))
    },
    undefined,
    (g, value) => as(g, value, 'float32')
  )
  return eliminateDead(mixed)
}

function typeOf(op: OpDefinition, node: Node, inputs: readonly (Value | null)[], half: Half): Half | 'float32' {
  const floats = lazy(() => inputs.filter((input) => input !== null && isFloat(input.dtype)))
  if (products.has(op)) return isLoss(node) || node.inputs.some(isExact) ? 'float32' : half
  if (followers.has(op)) return floats().length > 0 && floats().every((input) => input?.dtype === half) ? half : 'float32'
  return 'float32'
}

/** Nodes that give a weight another shape for products alone: in `half` they take half the memory, and a frozen weight is stored once. */
function reshapedOperands({ nodes, outputs }: Graph): ReadonlySet<Node> {
  const isShaped = ({ op, inputs: [weight] }: Node): boolean =>
    op.type === allOps.Reshape.type && (weight?.source.kind === 'weight' || weight?.source.kind === 'state')
  const shaped = new Map(nodes.filter(isShaped).flatMap((node) => node.outputs.map((output) => [output, node] as const)))
  const others = nodes.filter((node) => !products.has(node.op) || isLoss(node) || node.inputs.some(isExact))
  for (const value of [...others.flatMap(({ inputs }) => inputs), ...outputs.values()]) if (value) shaped.delete(value)
  return new Set(shaped.values())
}

const narrowWeight = (g: Ops, { shape, source }: Value, type: Half | 'float32'): Value | null =>
  source.kind === 'weight' && type !== 'float32' ? g.weight(source.tensor, type, shape) : null
