import { defineOp, float } from '../define-op.ts'

/** Y = X · Φ(X), with Φ the normal distribution function (arXiv:1606.08415); the exact form, through erf. */
export const Gelu = defineOp({
  type: 'Gelu',
  domain: 'com.microsoft',
  inputs: { X: float() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})
