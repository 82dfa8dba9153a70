import { defineOp, float, optional } from '../define-op.ts'

/**
 * Y = (X − mean) · invStdDev · scale + bias over the last axis, invStdDev = 1/√(variance + epsilon) (arXiv:1607.06450).
 * mean and invStdDev keep the axis with size 1.
 */
export const LayerNormalization = defineOp({
  type: 'LayerNormalization',
  inputs: { X: float(), scale: float(), bias: optional(float()) },
  outputs: ['Y', 'mean', 'invStdDev'],
  infer: ({ X }, _: { readonly axis: number; readonly epsilon: { readonly float: number } }) => {
    const statistics = { dtype: X.dtype, shape: [...X.shape.slice(0, -1), 1] }
    return [{ dtype: X.dtype, shape: X.shape }, statistics, statistics]
  }
})
