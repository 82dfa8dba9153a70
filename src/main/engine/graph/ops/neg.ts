import { defineOp, float } from '../define-op.ts'

/** Y = −X */
export const Neg = defineOp({
  type: 'Neg',
  inputs: { X: float() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})
