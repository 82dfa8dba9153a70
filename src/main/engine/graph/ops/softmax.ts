import { defineOp, float } from '../define-op.ts'

/** Y = eˣ / Σ eˣ along one axis. */
export const Softmax = defineOp({
  type: 'Softmax',
  inputs: { X: float() },
  infer: ({ X }, _: { readonly axis: number }) => ({ dtype: X.dtype, shape: X.shape })
})
