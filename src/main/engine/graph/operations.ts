import { GraphBuilder } from './graph-builder.ts'
import * as ops from './ops/index.ts'
import { onnxTypeNumber } from './ops/cast.ts'
import { axisOf, sameShape } from './shapes.ts'
import type { DType, Shape, Value } from './types.ts'

const number = (value: number): { readonly float: number } => ({ float: value })
const { allOps: op } = ops

export interface GemmOptions {
  readonly transA?: boolean
  readonly transB?: boolean
  readonly alpha?: number
  /** Added to the product, broadcast. */
  readonly c?: Value | null
}

/** The operators as functions: `g.add(a, b)`. Axes may be negative; shapes are checked as the node is made. */
export class Ops extends GraphBuilder {
  add = (a: Value, b: Value): Value => this.one(op.Add, [a, b], {})
  sub = (a: Value, b: Value): Value => this.one(op.Sub, [a, b], {})
  mul = (a: Value, b: Value): Value => this.one(op.Mul, [a, b], {})
  div = (a: Value, b: Value): Value => this.one(op.Div, [a, b], {})
  pow = (a: Value, b: Value): Value => this.one(op.Pow, [a, b], {})
  max = (a: Value, b: Value): Value => this.one(op.Max, [a, b], {})
  min = (a: Value, b: Value): Value => this.one(op.Min, [a, b], {})
  neg = (x: Value): Value => this.one(op.Neg, [x], {})
  exp = (x: Value): Value => this.one(op.Exp, [x], {})
  log = (x: Value): Value => this.one(op.Log, [x], {})
  sqrt = (x: Value): Value => this.one(op.Sqrt, [x], {})
  erf = (x: Value): Value => this.one(op.Erf, [x], {})
  tanh = (x: Value): Value => this.one(op.Tanh, [x], {})
  sigmoid = (x: Value): Value => this.one(op.Sigmoid, [x], {})
  relu = (x: Value): Value => this.one(op.Relu, [x], {})
  abs = (x: Value): Value => this.one(op.Abs, [x], {})
  sign = (x: Value): Value => this.one(op.Sign, [x], {})
  reciprocal = (x: Value): Value => this.one(op.Reciprocal, [x], {})
  softplus = (x: Value): Value => this.one(op.Softplus, [x], {})
  gelu = (x: Value): Value => this.one(op.Gelu, [x], {})
  fastGelu = (x: Value): Value => this.one(op.FastGelu, [x], {})
  quickGelu = (x: Value, alpha: number): Value => this.one(op.QuickGelu, [x], { alpha: number(alpha) })
  /** alpha · x + beta, not below 0 nor above 1. */
  hardSigmoid = (x: Value, alpha: number, beta: number): Value =>
    this.one(op.HardSigmoid, [x], { alpha: number(alpha), beta: number(beta) })
  identity = (x: Value): Value => this.one(op.Identity, [x], {})

  /** x, through which no gradient flows (torch's `detach`). */
  detach(x: Value): Value {
    const y = this.identity(x)
    this.detached.add(y)
    return y
  }

  equal = (a: Value, b: Value): Value => this.one(op.Equal, [a, b], {})
  greater = (a: Value, b: Value): Value => this.one(op.Greater, [a, b], {})
  less = (a: Value, b: Value): Value => this.one(op.Less, [a, b], {})
  not = (x: Value): Value => this.one(op.Not, [x], {})
  isNaN = (x: Value): Value => this.one(op.IsNaN, [x], {})
  where = (condition: Value, x: Value, y: Value): Value => this.one(op.Where, [condition, x, y], {})
  matMul = (a: Value, b: Value): Value => this.one(op.MatMul, [a, b], {})
  softmax = (x: Value, axis = -1): Value => this.one(op.Softmax, [x], { axis })
  logSoftmax = (x: Value, axis = -1): Value => this.one(op.LogSoftmax, [x], { axis })
  gather = (data: Value, indices: Value, axis = 0): Value => this.one(op.Gather, [data, indices], { axis })
  gatherElements = (data: Value, indices: Value, axis: number): Value => this.one(op.GatherElements, [data, indices], { axis })
  dequantize = (x: Value, scale: Value): Value => this.one(op.DequantizeLinear, [x, scale, null], {})

  /** A float32 scalar constant. */
  scalar = (value: number, dtype: DType = 'float32'): Value => this.constant([value], [], dtype)

  /** x · factor; x itself where the factor is 1. */
  scale = (x: Value, factor: number): Value => (factor === 1 ? x : this.mul(x, this.scalar(factor, x.dtype)))

  cast(x: Value, to: DType): Value {
    return x.dtype === to ? x : this.one(op.Cast, [x], { to: onnxTypeNumber[to] })
  }

  /** alpha · op(a) · op(b) over the last two axes. */
  fusedMatMul(a: Value, b: Value, { transA = false, transB = false, alpha = 1 }: GemmOptions): Value {
    return this.one(op.FusedMatMul, [a, b], { transA: transA ? 1 : 0, transB: transB ? 1 : 0, alpha: number(alpha) })
  }

  /** alpha · op(a) · op(b) + c for matrices. */
  gemm(a: Value, b: Value, { transA = false, transB = false, alpha = 1, c = null }: GemmOptions = {}): Value {
    const attributes = { transA: transA ? 1 : 0, transB: transB ? 1 : 0, alpha: number(alpha), beta: number(1) }
    return this.one(op.Gemm, c ? [a, b, c] : [a, b], attributes)
  }

  /** Normalisation over the last axis: [y, mean, 1/√(variance + epsilon)]. */
  layerNormalization(x: Value, scale: Value, bias: Value | null, epsilon: number): readonly [Value, Value, Value] {
    const inputs = bias ? [x, scale, bias] : [x, scale]
    const [y, mean, invStdDev] = this.apply(op.LayerNormalization, inputs, { axis: -1, epsilon: number(epsilon) })
    if (!y || !mean || !invStdDev) throw new Error('LayerNormalization has three outputs')
    return [y, mean, invStdDev]
  }

  reduceSum = (x: Value, axes: readonly number[], keepDims = false): Value => this.#reduce(op.ReduceSum, x, axes, keepDims)
  reduceMean = (x: Value, axes: readonly number[], keepDims = false): Value => this.#reduce(op.ReduceMean, x, axes, keepDims)
  reduceMax = (x: Value, axes: readonly number[], keepDims = false): Value => this.#reduce(op.ReduceMax, x, axes, keepDims)
  reduceSumSquare = (x: Value, axes: readonly number[], keepDims = false): Value =>
    this.#reduce(op.ReduceSumSquare, x, axes, keepDims)

  #reduce(kind: typeof op.ReduceSum, x: Value, axes: readonly number[], keepDims: boolean): Value {
    if (axes.length === 0) return x
    return this.one(kind, [x, this.ints(axes)], { keepdims: keepDims ? 1 : 0 })
  }

  /** Sum of all elements, a scalar. */
  sumAll = (x: Value): Value =>
    x.shape.length === 0
      ? x
      : this.reduceSum(
          x,
          x.shape.map((_, i) => i)
        )

  /** A one-dimensional int64 constant. */
  ints = (values: readonly number[]): Value => this.constant(values, [values.length], 'int64')

  reshape(x: Value, shape: Shape): Value {
    return sameShape(x.shape, shape) ? x : this.one(op.Reshape, [x, this.shapeVector(shape)], {})
  }

  /**
   * x itself, which the runtime cannot hand on before it has `other`, a value of the same shape: no number is computed or copied.
   */
  after = (x: Value, other: Value): Value => this.one(op.Reshape, [x, this.one(op.Shape, [other], {})], {})

  expand(x: Value, shape: Shape): Value {
    return sameShape(x.shape, shape) ? x : this.one(op.Expand, [x, this.shapeVector(shape)], {})
  }

  transpose(x: Value, perm: readonly number[]): Value {
    return perm.every((axis, i) => axis === i) ? x : this.one(op.Transpose, [x], { perm })
  }

  /** Swaps the last two axes. */
  transposeLast(x: Value): Value {
    const rank = x.shape.length
    return this.transpose(x, [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2])
  }

  concat = (inputs: readonly Value[], axis: number): Value =>
    inputs.length === 1 && inputs[0] ? inputs[0] : this.one(op.Concat, inputs, { axis })
  slice = (x: Value, axis: number, start: number, end: number): Value =>
    this.one(op.Slice, [x, this.ints([start]), this.ints([end]), this.ints([axis])], {})
  pad = (x: Value, pads: readonly number[]): Value => this.one(op.Pad, [x, this.ints(pads)], {})
  squeeze = (x: Value, axes: readonly number[]): Value => this.one(op.Squeeze, [x, this.ints(axes)], {})
  unsqueeze = (x: Value, axes: readonly number[]): Value => this.one(op.Unsqueeze, [x, this.ints(axes)], {})

  /**
   * The sum over an axis of tokens in two steps, over each row of the batch and then over the rows, which the library's kernels do in half of the time
   * (decision 0063); null for other axes.
   */
  #sumOverTokens(x: Value, axes: readonly number[]): Value | null {
    const [first, ...rest] = x.shape
    if (first !== 'tokens' || axes.join() !== '0' || rest.length === 0) return null
    return this.reduceSum(this.reduceSum(this.reshape(x, ['rows', 'time', ...rest]), [1]), [0])
  }

  scatterAdd = (data: Value, indices: Value, updates: Value, axis: number): Value =>
    this.one(op.ScatterElements, [data, indices, updates], { axis, reduction: 'add' })

  oneHot = (indices: Value, depth: number, dtype: DType = 'float32'): Value =>
    this.one(op.OneHot, [indices, this.constant([depth], [], 'int64'), this.constant([0, 1], [2], dtype)], { axis: -1 })

  /** Zeros of a shape that may hold names. */
  zeros = (shape: Shape, dtype: DType = 'float32'): Value =>
    dtype === 'float32'
      ? this.one(op.ConstantOfShape, [this.shapeVector(shape)], {})
      : this.expand(this.constant([0], [], dtype), shape)

  /** Sums a gradient back to the shape it was broadcast from. */
  sumTo(x: Value, shape: Shape): Value {
    if (sameShape(x.shape, shape)) return x
    const extra = x.shape.length - shape.length
    const leading = Array.from({ length: extra }, (_, i) => i)
    const stretched = shape.flatMap((dim, i) => (dim === 1 && x.shape[i + extra] !== 1 ? [i + extra] : []))
    const summed = this.#sumOverTokens(x, leading) ?? this.reduceSum(x, [...leading, ...stretched], true)
    return extra === 0 ? summed : this.reshape(summed, shape)
  }

  /**
   * Dropout with a mask from the host (design §4.7): x · mask / (1 − p) while training, x otherwise. The mask's name is the scope path,
   * so the same site draws the same mask whatever else the graph holds.
   */
  dropout(x: Value, probability: number): Value {
    if (!this.training || probability === 0) return x
    const mask = this.input(this.#maskName(), 'uint8', x.shape)
    this.masks.push({ value: mask, probability })
    return this.mul(x, this.dequantize(mask, this.scalar(1 / (1 - probability), x.dtype)))
  }

  #maskName(): string {
    const base = `dropout/${this.scope}`
    const taken = this.masks.filter(({ value }) => value.name === base || value.name.startsWith(`${base}#`)).length
    return taken === 0 ? base : `${base}#${taken + 1}`
  }

  /** The axis as a number from the front. */
  axis = (x: Value, axis: number): number => axisOf('axis', axis, x.shape.length)
}
