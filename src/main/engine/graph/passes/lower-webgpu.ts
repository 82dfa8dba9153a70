import { GraphError } from '../../../base/errors.ts'
import { constantOf } from '../constant.ts'
import type { OpDefinition } from '../define-op.ts'
import { allOps } from '../ops/index.ts'
import type { Attribute, Graph, Node, Value } from '../types.ts'
import { rebuildGraph, type Lowering } from './rebuild.ts'

/** An input that the op's declaration requires. */
function required({ op, scope }: Node, inputs: readonly (Value | null)[], i: number): Value {
  const value = inputs[i]
  if (!value) throw new GraphError(`${op.type} in ${scope}: input ${i} is missing`)
  return value
}

const whole = (attribute: Attribute | undefined): number => (typeof attribute === 'number' ? attribute : 0)
const decimal = (attribute: Attribute | undefined): number =>
  typeof attribute === 'object' && 'float' in attribute ? attribute.float : 1

/** Y = alpha · op(A) · op(B) as Transpose, MatMul and Mul. */
const fusedMatMul: Lowering = (g, node, inputs) => {
  const { transA, transB, alpha } = node.attributes
  const [a, b] = [required(node, inputs, 0), required(node, inputs, 1)]
  const left = whole(transA) === 1 ? g.transposeLast(a) : a
  const right = whole(transB) === 1 ? g.transposeLast(b) : b
  return [g.scale(g.matMul(left, right), decimal(alpha))]
}

/** Y = d − ln Σ eᵈ with d = X − max X, which neither overflows nor takes the logarithm of zero. */
const logSoftmax: Lowering = (g, node, inputs) => {
  const x = required(node, inputs, 0)
  const axis = whole(node.attributes['axis'])
  const d = g.sub(x, g.reduceMax(x, [axis], true))
  return [g.sub(d, g.log(g.reduceSum(g.exp(d), [axis], true)))]
}

/**
 * Where i = c then values[1] else values[0], for c in 0 … depth − 1. WebGPU computes nothing on int64, but gathers by it: looking the indices up
 * in 0 … depth − 1 turns them into floats (exact below 2²⁴). An index outside ±depth is an error here, where OneHot gives a row of values[0].
 */
const oneHot: Lowering = (g, node, inputs) => {
  const values = required(node, inputs, 2)
  const depth = constantOf('OneHot', required(node, inputs, 1))[0] ?? 0
  const places = Array.from({ length: depth }, (_, c) => c)
  const classes = g.constant(places, [depth], values.dtype)
  const index = g.gather(classes, required(node, inputs, 0))
  const isOn = g.equal(g.unsqueeze(index, [-1]), classes)
  const [off, on] = constantOf('OneHot', values)
  if (off === 0 && on === 1) return [g.cast(isOn, values.dtype)]
  return [g.where(isOn, g.scalar(on ?? 1, values.dtype), g.scalar(off ?? 0, values.dtype))]
}

/** Zeros of the wanted shape, as one zero spread out. */
const constantOfShape: Lowering = (g, node) => [g.expand(g.scalar(0, 'float32'), node.outputs[0]?.shape ?? [])]

/** Y = 1 where X > 0, −1 where X < 0, else 0. */
const sign: Lowering = (g, node, inputs) => {
  const x = required(node, inputs, 0)
  const number = (value: number): Value => g.scalar(value, x.dtype)
  return [g.where(g.greater(x, number(0)), number(1), g.where(g.less(x, number(0)), number(-1), number(0)))]
}

/** A number that does not equal itself. */
const isNaN: Lowering = (g, node, inputs) => {
  const x = required(node, inputs, 0)
  return [g.not(g.equal(x, x))]
}

const max: Lowering = (g, node, inputs) => {
  const [a, b] = [required(node, inputs, 0), required(node, inputs, 1)]
  return [g.where(g.less(a, b), b, a)]
}

const min: Lowering = (g, node, inputs) => {
  const [a, b] = [required(node, inputs, 0), required(node, inputs, 1)]
  return [g.where(g.greater(a, b), b, a)]
}

/** ln(1 + eˣ) = max(X, 0) + ln(1 + e^(−|X|)), which does not overflow. */
const softplus: Lowering = (g, node, inputs) => {
  const x = required(node, inputs, 0)
  return [g.add(g.relu(x), g.log(g.add(g.exp(g.neg(g.abs(x))), g.scalar(1, x.dtype))))]
}

/** Operators without a WebGPU kernel (ort-facts §3.3; Max, Min and Softplus are not in the provider's sources), and what stands for them. */
const lowerings = new Map<OpDefinition, Lowering>([
  // An op's own input names do not matter here: inputs come by position.
  [allOps.ConstantOfShape as unknown as OpDefinition, constantOfShape],
  [allOps.FusedMatMul as unknown as OpDefinition, fusedMatMul],
  [allOps.LogSoftmax as unknown as OpDefinition, logSoftmax],
  [allOps.OneHot as unknown as OpDefinition, oneHot],
  [allOps.Sign as unknown as OpDefinition, sign],
  [allOps.IsNaN as unknown as OpDefinition, isNaN],
  [allOps.Max as unknown as OpDefinition, max],
  [allOps.Min as unknown as OpDefinition, min],
  [allOps.Softplus as unknown as OpDefinition, softplus]
])

/**
 * The same graph for WebGPU: operators that the provider lacks become ones that it has. Inputs, weights, states and outputs keep their names.
 * The dropout mask's DequantizeLinear stays: WebGPU has it for uint8, and has no Cast from uint8.
 */
export function lowerWebgpu(graph: Graph): Graph {
  return rebuildGraph(graph, (op) => lowerings.get(op))
}
