import { any, defineOp } from '../define-op.ts'
import { broadcast } from '../shapes.ts'

/** Whether A = B, broadcast. */
export const Equal = defineOp({
  type: 'Equal',
  inputs: { A: any(), B: any() },
  infer: ({ A, B }) => ({ dtype: 'bool', shape: broadcast('Equal', A.shape, B.shape) })
})
