import { defineOp, float } from '../define-op.ts'

/** Y = −1, 0 or 1 */
export const Sign = defineOp({
  type: 'Sign',
  inputs: { X: float() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})
