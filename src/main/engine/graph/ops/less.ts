import { any, defineOp } from '../define-op.ts'
import { broadcast } from '../shapes.ts'

/** Whether A < B, broadcast. */
export const Less = defineOp({
  type: 'Less',
  inputs: { A: any(), B: any() },
  infer: ({ A, B }) => ({ dtype: 'bool', shape: broadcast('Less', A.shape, B.shape) })
})
