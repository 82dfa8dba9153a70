import { GraphError } from '../../base/errors.ts'
import { byte, defineOp, float, optional } from './define-op.ts'
import { sizeAt } from './shapes.ts'
import { describe, type TensorType } from './types.ts'

/* Operators of products in 8 bits. Graphs get them from passes, once gradients are made: none has one. */

/** Y = round(X / scale) + zeroPoint in uint8; scale and zeroPoint are those that X's own smallest and largest number ask for. */
export const DynamicQuantizeLinear = defineOp({
  type: 'DynamicQuantizeLinear',
  inputs: { X: float() },
  outputs: ['Y', 'scale', 'zeroPoint'],
  infer: ({ X }): readonly TensorType[] => [
    { dtype: 'uint8', shape: X.shape },
    { dtype: 'float32', shape: [] },
    { dtype: 'uint8', shape: [] }
  ]
})

/** Y = (A − zero) · B · aScale · bScale + bias, A of uint8 and B of int8 [in, out]; bScale holds one number a column. The products are summed in int32. */
export const MatMulIntegerToFloat = defineOp({
  type: 'MatMulIntegerToFloat',
  domain: 'com.microsoft',
  inputs: {
    A: byte(),
    B: byte(),
    aScale: float(),
    bScale: float(),
    aZeroPoint: byte(),
    bZeroPoint: optional(byte()),
    bias: optional(float())
  },
  infer: ({ A, B, bScale }) => {
    const out = sizeAt(B.shape, 1)
    if (A.shape.at(-1) !== B.shape[0] || bScale.shape.join() !== String(out))
      throw new GraphError(`MatMulIntegerToFloat: ${describe(A)}, ${describe(B)} and ${describe(bScale)} do not fit`)
    return { dtype: 'float32', shape: [...A.shape.slice(0, -1), out] }
  }
})
