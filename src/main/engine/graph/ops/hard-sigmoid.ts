import { defineOp, float } from '../define-op.ts'

/** Y = alpha · X + beta, not below 0 nor above 1: for what lies between them, a factor and a sum in one pass over memory. */
export const HardSigmoid = defineOp({
  type: 'HardSigmoid',
  inputs: { X: float() },
  infer: ({ X }, _: { readonly alpha: { readonly float: number }; readonly beta: { readonly float: number } }) => ({
    dtype: X.dtype,
    shape: X.shape
  })
})
