import { defineOp, float, index } from '../define-op.ts'
import { reducedShape } from '../reduce-shape.ts'

/** Largest element over the constant axes. */
export const ReduceMax = defineOp({
  type: 'ReduceMax',
  inputs: { X: float(), axes: index() },
  infer: ({ X, axes }, { keepdims }: { readonly keepdims: number }) => ({
    dtype: X.dtype,
    shape: reducedShape('ReduceMax', X.shape, axes, keepdims === 1)
  })
})
