import { GraphError } from '../../base/errors.ts'
import { byte, defineOp, float, index, optional } from '../../engine/graph/define-op.ts'
import { sizeAt } from '../../engine/graph/shapes.ts'
import { describe } from '../../engine/graph/types.ts'

/* More operators of quantised models: ONNX's own, and those of ONNX Runtime (domain com.microsoft, ContribOperators.md). None has a gradient. */

/** Y = round(X / scale) + zeroPoint, saturated, in the type of zeroPoint; one scale for all. */
export const QuantizeLinear = defineOp({
  type: 'QuantizeLinear',
  inputs: { X: float(), scale: float(), zeroPoint: byte() },
  infer: ({ X, zeroPoint }) => ({ dtype: zeroPoint.dtype, shape: X.shape })
})

/** Y = (X − zeroPoint) · scale; a vector of scales runs along `axis`. */
export const DequantizeBytes = defineOp({
  type: 'DequantizeLinear',
  inputs: { X: byte(), scale: float(), zeroPoint: optional(byte()) },
  infer: ({ X, scale, zeroPoint }, { axis }: { readonly axis?: number }) => {
    const fits = scale.shape.length === 0 || (axis !== undefined && scale.shape.join() === String(X.shape[axis]))
    if (!fits || (zeroPoint && zeroPoint.dtype !== X.dtype))
      throw new GraphError(`DequantizeLinear: ${describe(scale)} does not fit ${describe(X)}`)
    return { dtype: scale.dtype, shape: X.shape }
  }
})

export interface NBitsAttributes {
  readonly K: number
  readonly N: number
  readonly bits: number
  readonly block_size: number
  /** 1: products in float32; 4: in int8. */
  readonly accuracy_level: number
  readonly [name: string]: number
}

/** Y = A · Wᵀ, W of N rows and K columns in 4 bits [N, blocks, bytes], one scale a block of `block_size` along K, zero at 8. */
export const MatMulNBits = defineOp({
  type: 'MatMulNBits',
  domain: 'com.microsoft',
  inputs: { A: float(), B: byte(), scales: float() },
  infer: ({ A, B, scales }, { K, N, bits, block_size: size }: NBitsAttributes) => {
    const blocks = Math.ceil(K / size)
    const fits = B.shape.join() === [N, blocks, (size * bits) / 8].join() && scales.shape.join() === String(N * blocks)
    if (!fits || A.shape.at(-1) !== K)
      throw new GraphError(`MatMulNBits: ${describe(A)}, ${describe(B)} and ${describe(scales)} do not fit`)
    return { dtype: A.dtype, shape: [...A.shape.slice(0, -1), N] }
  }
})

/** Rows of a uint8 table in float: (byte − 128) · scale, one scale a block of `block_size` along each row. */
export const GatherBlockQuantized = defineOp({
  type: 'GatherBlockQuantized',
  domain: 'com.microsoft',
  inputs: { data: byte(), indices: index(), scales: float() },
  infer: (
    { data, indices, scales },
    {
      block_size: size
    }: { readonly bits: number; readonly block_size: number; readonly gather_axis: number; readonly quantize_axis: number }
  ) => {
    const [rows, width] = [sizeAt(data.shape, 0), sizeAt(data.shape, 1)]
    if (scales.shape.join() !== [rows, Math.ceil(width / size)].join())
      throw new GraphError(`GatherBlockQuantized: ${describe(scales)} does not fit ${describe(data)}`)
    return { dtype: scales.dtype, shape: [...indices.shape, width] }
  }
})
