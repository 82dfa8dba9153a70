import { defineOp, float } from '../define-op.ts'

/** The tanh form of GELU: Y = X/2 · (1 + tanh(√(2/π) · (X + 0.044715·X³))). Called gelu_new and gelu_pytorch_tanh by transformers. */
export const FastGelu = defineOp({
  type: 'FastGelu',
  domain: 'com.microsoft',
  inputs: { X: float() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})
