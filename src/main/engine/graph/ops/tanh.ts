import { defineOp, float } from '../define-op.ts'

/** Y = tanh X */
export const Tanh = defineOp({
  type: 'Tanh',
  inputs: { X: float() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})
