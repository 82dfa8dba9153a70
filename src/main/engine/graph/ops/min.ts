import { defineOp, float } from '../define-op.ts'
import { broadcast } from '../shapes.ts'

/** The smaller of two, broadcast. */
export const Min = defineOp({
  type: 'Min',
  inputs: { A: float(), B: float() },
  infer: ({ A, B }) => ({ dtype: A.dtype, shape: broadcast('Min', A.shape, B.shape) })
})
