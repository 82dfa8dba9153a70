import { defineOp, float } from '../define-op.ts'

/** Y = ln(1 + eˣ) */
export const Softplus = defineOp({
  type: 'Softplus',
  inputs: { X: float() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})
