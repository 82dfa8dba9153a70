import { defineOp, float } from '../define-op.ts'

/** Y = eˣ */
export const Exp = defineOp({
  type: 'Exp',
  inputs: { X: float() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})
