import { defineOp, float } from '../define-op.ts'

/** Y = max(X, 0) */
export const Relu = defineOp({
  type: 'Relu',
  inputs: { X: float() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})
