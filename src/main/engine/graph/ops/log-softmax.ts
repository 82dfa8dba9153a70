import { defineOp, float } from '../define-op.ts'
import { axisOf } from '../shapes.ts'

/** Y = X − ln Σ eˣ along one axis. */
export const LogSoftmax = defineOp({
  type: 'LogSoftmax',
  inputs: { X: float() },
  infer: ({ X }, { axis }: { readonly axis: number }) => {
    axisOf('LogSoftmax', axis, X.shape.length)
    return { dtype: X.dtype, shape: X.shape }
  }
})
