import { any, defineOp } from '../define-op.ts'

/** Y = X. Gives a value a second name, e.g. a state output that is also used. */
export const Identity = defineOp({
  type: 'Identity',
  inputs: { X: any() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})
