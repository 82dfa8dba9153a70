import { any, bool, defineOp } from '../define-op.ts'
import { broadcast } from '../shapes.ts'

/** X where the condition holds, else Y; broadcast. */
export const Where = defineOp({
  type: 'Where',
  inputs: { condition: bool(), X: any(), Y: any() },
  infer: ({ condition, X, Y }) => ({
    dtype: X.dtype,
    shape: broadcast('Where', broadcast('Where', condition.shape, X.shape), Y.shape)
  })
})
