import { defineOp, float } from '../define-op.ts'
import { axisOf } from '../shapes.ts'

/** Y = eˣ / Σ eˣ along one axis. */
export const Softmax = defineOp({
  type: 'Softmax',
  inputs: { X: float() },
  infer: ({ X }, { axis }: { readonly axis: number }) => {
    axisOf('Softmax', axis, X.shape.length)
    return { dtype: X.dtype, shape: X.shape }
  }
})
