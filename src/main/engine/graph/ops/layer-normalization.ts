import { GraphError } from '../../../base/errors.ts'
import { defineOp, float, optional } from '../define-op.ts'
import { axisOf, dimAt } from '../shapes.ts'

/**
 * Y = (X − mean) · invStdDev · scale + bias over the last axis, invStdDev = 1/√(variance + epsilon) (arXiv:1607.06450).
 * mean and invStdDev keep the axis with size 1.
 */
export const LayerNormalization = defineOp({
  type: 'LayerNormalization',
  inputs: { X: float(), scale: float(), bias: optional(float()) },
  outputs: ['Y', 'mean', 'invStdDev'],
  infer: ({ X, scale, bias }, { axis }: { readonly axis: number; readonly epsilon: { readonly float: number } }) => {
    const last = X.shape.length - 1
    if (axisOf('LayerNormalization', axis, X.shape.length) !== last)
      throw new GraphError(`LayerNormalization: only the last axis is normalised, not axis ${axis} of [${X.shape.join(',')}]`)
    for (const { shape } of bias ? [scale, bias] : [scale]) {
      if (shape.length !== 1 || shape[0] !== dimAt(X.shape, last))
        throw new GraphError(`LayerNormalization: scale or bias [${shape.join(',')}] does not fit [${X.shape.join(',')}]`)
    }
    const statistics = { dtype: X.dtype, shape: [...X.shape.slice(0, -1), 1] }
    return [{ dtype: X.dtype, shape: X.shape }, statistics, statistics]
  }
})
