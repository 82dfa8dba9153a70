import { defineOp, float, index } from '../define-op.ts'
import { reducedShape } from '../reduce-shape.ts'

/** Mean over the constant axes. */
export const ReduceMean = defineOp({
  type: 'ReduceMean',
  inputs: { X: float(), axes: index() },
  infer: ({ X, axes }, { keepdims }: { readonly keepdims: number }) => ({
    dtype: X.dtype,
    shape: reducedShape('ReduceMean', X.shape, axes, keepdims === 1)
  })
})
