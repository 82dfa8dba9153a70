import { defineOp, float, index } from '../define-op.ts'
import { reducedShape } from '../reduce-shape.ts'

/** Sum over the constant axes. */
export const ReduceSum = defineOp({
  type: 'ReduceSum',
  inputs: { X: float(), axes: index() },
  infer: ({ X, axes }, { keepdims }: { readonly keepdims: number }) => ({
    dtype: X.dtype,
    shape: reducedShape('ReduceSum', X.shape, axes, keepdims === 1)
  })
})
