import { defineOp, float } from '../define-op.ts'

/** Y = ln X */
export const Log = defineOp({
  type: 'Log',
  inputs: { X: float() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})
