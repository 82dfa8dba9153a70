import { any, defineOp, float, optional } from '../define-op.ts'

/** Y = X · scale for a uint8 X and a scalar scale. Turns a 0/1 dropout mask into a float mask that already holds 1/(1−p), in one pass. */
export const DequantizeLinear = defineOp({
  type: 'DequantizeLinear',
  inputs: { X: any(), scale: float(), zeroPoint: optional(any()) },
  infer: ({ X, scale }) => ({ dtype: scale.dtype, shape: X.shape })
})
