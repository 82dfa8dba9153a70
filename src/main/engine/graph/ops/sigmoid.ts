import { defineOp, float } from '../define-op.ts'

/** Y = 1 / (1 + e^(−X)) */
export const Sigmoid = defineOp({
  type: 'Sigmoid',
  inputs: { X: float() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})
