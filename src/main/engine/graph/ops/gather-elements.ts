import { GraphError } from '../../../base/errors.ts'
import { any, defineOp, index } from '../define-op.ts'
import { axisOf } from '../shapes.ts'

/** Y[i][j] = data[i][indices[i][j]] for axis 1, and likewise for other axes and ranks. */
export const GatherElements = defineOp({
  type: 'GatherElements',
  inputs: { data: any(), indices: index() },
  infer: ({ data, indices }, { axis }: { readonly axis: number }) => {
    axisOf('GatherElements', axis, data.shape.length)
    if (indices.shape.length !== data.shape.length)
      throw new GraphError(`GatherElements: [${data.shape.join(',')}] and indices [${indices.shape.join(',')}] differ in rank`)
    return { dtype: data.dtype, shape: indices.shape }
  }
})
