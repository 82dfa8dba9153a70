import { defineOp, float } from '../define-op.ts'

/** Y = √X */
export const Sqrt = defineOp({
  type: 'Sqrt',
  inputs: { X: float() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})
