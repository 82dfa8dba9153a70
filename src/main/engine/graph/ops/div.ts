import { defineOp, float } from '../define-op.ts'
import { broadcast } from '../shapes.ts'

/** C = A / B, broadcast. */
export const Div = defineOp({
  type: 'Div',
  inputs: { A: float(), B: float() },
  infer: ({ A, B }) => ({ dtype: A.dtype, shape: broadcast('Div', A.shape, B.shape) })
})
