import { defineOp, float } from '../define-op.ts'

/** Y = 1 / X */
export const Reciprocal = defineOp({
  type: 'Reciprocal',
  inputs: { X: float() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})
