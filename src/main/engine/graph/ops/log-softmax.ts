import { defineOp, float } from '../define-op.ts'

/** Y = X − ln Σ eˣ along one axis. */
export const LogSoftmax = defineOp({
  type: 'LogSoftmax',
  inputs: { X: float() },
  infer: ({ X }, _: { readonly axis: number }) => ({ dtype: X.dtype, shape: X.shape })
})
