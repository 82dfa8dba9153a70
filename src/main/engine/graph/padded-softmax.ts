import { GraphError } from '../../base/errors.ts'
import { bool, defineOp, float } from './define-op.ts'
import { axisOf, broadcast, sameShape } from './shapes.ts'

/**
 * Y = softmax(X + bias) along one axis, where the bias is all zero unless `isBiased` says otherwise: without it X is read as it is, and a pass over it is
 * saved. X + 0 has the numbers of X, so the bits are the same either way. Graphs get it from passes, once gradients are made.
 */
export const PaddedSoftmax = defineOp({
  type: 'If',
  inputs: { isBiased: bool(), X: float(), bias: float() },
  infer: ({ isBiased, X, bias }, { axis }: { readonly axis: number }) => {
    if (isBiased.shape.length > 0) throw new GraphError('If: isBiased must be a scalar')
    axisOf('Softmax', axis, X.shape.length)
    if (!sameShape(broadcast('Add', X.shape, bias.shape), X.shape)) throw new GraphError('If: the bias must fit X')
    return { dtype: X.dtype, shape: X.shape }
  },
  branches: [
    [
      { type: 'Add', inputs: [1, 2], attributes: [] },
      { type: 'Softmax', inputs: ['before'], attributes: ['axis'] }
    ],
    [{ type: 'Softmax', inputs: [1], attributes: ['axis'] }]
  ]
})
