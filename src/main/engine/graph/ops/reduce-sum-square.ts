import { defineOp, float, index } from '../define-op.ts'
import { reducedShape } from '../reduce-shape.ts'

/** Sum of squares over the constant axes. */
export const ReduceSumSquare = defineOp({
  type: 'ReduceSumSquare',
  inputs: { X: float(), axes: index() },
  infer: ({ X, axes }, { keepdims }: { readonly keepdims: number }) => ({
    dtype: X.dtype,
    shape: reducedShape('ReduceSumSquare', X.shape, axes, keepdims === 1)
  })
})
