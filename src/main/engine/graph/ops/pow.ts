import { defineOp, float } from '../define-op.ts'
import { broadcast } from '../shapes.ts'

/** C = Aᴮ, broadcast. B is a constant here; no gradient flows into it. */
export const Pow = defineOp({
  type: 'Pow',
  inputs: { A: float(), B: float() },
  infer: ({ A, B }) => ({ dtype: A.dtype, shape: broadcast('Pow', A.shape, B.shape) })
})
