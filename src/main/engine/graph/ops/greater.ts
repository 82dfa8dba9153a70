import { any, defineOp } from '../define-op.ts'
import { broadcast } from '../shapes.ts'

/** Whether A > B, broadcast. */
export const Greater = defineOp({
  type: 'Greater',
  inputs: { A: any(), B: any() },
  infer: ({ A, B }) => ({ dtype: 'bool', shape: broadcast('Greater', A.shape, B.shape) })
})
