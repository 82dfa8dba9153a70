import { defineOp, float } from '../define-op.ts'
import { broadcast } from '../shapes.ts'

/** C = A · B element by element, broadcast. */
export const Mul = defineOp({
  type: 'Mul',
  inputs: { A: float(), B: float() },
  infer: ({ A, B }) => ({ dtype: A.dtype, shape: broadcast('Mul', A.shape, B.shape) })
})
