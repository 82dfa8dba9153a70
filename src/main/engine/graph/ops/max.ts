import { defineOp, float } from '../define-op.ts'
import { broadcast } from '../shapes.ts'

/** The larger of two, broadcast. */
export const Max = defineOp({
  type: 'Max',
  inputs: { A: float(), B: float() },
  infer: ({ A, B }) => ({ dtype: A.dtype, shape: broadcast('Max', A.shape, B.shape) })
})
