import { defineOp, float } from '../define-op.ts'

/** Y = |X| */
export const Abs = defineOp({
  type: 'Abs',
  inputs: { X: float() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})
