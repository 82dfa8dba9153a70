import { defineOp, float } from '../define-op.ts'
import { broadcast } from '../shapes.ts'

/** C = A + B, broadcast. */
export const Add = defineOp({
  type: 'Add',
  inputs: { A: float(), B: float() },
  infer: ({ A, B }) => ({ dtype: A.dtype, shape: broadcast('Add', A.shape, B.shape) })
})
