import { GraphError } from '../../../base/errors.ts'
import { defineOp, float } from '../define-op.ts'

/** The tanh form of GELU: Y = X/2 · (1 + tanh(√(2/π) · (X + 0.044715·X³))). Called gelu_new and gelu_pytorch_tanh by transformers. */
export const FastGelu = defineOp({
  type: 'FastGelu',
  domain: 'com.microsoft',
  inputs: { X: float() },
  infer: ({ X }) => {
    // ONNX Runtime's kernel refuses scalars.
    if (X.shape.length === 0) throw new GraphError('FastGelu: needs rank 1 or more')
    return { dtype: X.dtype, shape: X.shape }
  }
})
