import { defineOp, float } from '../define-op.ts'
import { broadcast } from '../shapes.ts'

/** C = A − B, broadcast. */
export const Sub = defineOp({
  type: 'Sub',
  inputs: { A: float(), B: float() },
  infer: ({ A, B }) => ({ dtype: A.dtype, shape: broadcast('Sub', A.shape, B.shape) })
})
