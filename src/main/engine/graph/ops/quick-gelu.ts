import { defineOp, float } from '../define-op.ts'

/** Y = X · σ(alpha · X). With alpha 1.702 it is transformers' quick_gelu, with alpha 1 it is SiLU (Swish). */
export const QuickGelu = defineOp({
  type: 'QuickGelu',
  domain: 'com.microsoft',
  inputs: { X: float() },
  infer: ({ X }, _: { readonly alpha: { readonly float: number } }) => ({ dtype: X.dtype, shape: X.shape })
})
