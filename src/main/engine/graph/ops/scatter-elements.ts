import { GraphError } from '../../../base/errors.ts'
import { any, defineOp, index } from '../define-op.ts'
import { axisOf, sameShape } from '../shapes.ts'

/** `data` with `updates` added (reduction `add`) or put (`none`) at `indices` along one axis. Repeated indices add up correctly on CPU. */
export const ScatterElements = defineOp({
  type: 'ScatterElements',
  inputs: { data: any(), indices: index(), updates: any() },
  infer: ({ data, indices, updates }, { axis, reduction }: { readonly axis: number; readonly reduction: string }) => {
    axisOf('ScatterElements', axis, data.shape.length)
    if (!sameShape(indices.shape, updates.shape) || indices.shape.length !== data.shape.length)
      throw new GraphError(
        `ScatterElements: indices [${indices.shape.join(',')}] and updates [${updates.shape.join(',')}] do not fit [${data.shape.join(',')}]`
      )
    if (reduction !== 'add' && reduction !== 'none')
      throw new GraphError(`ScatterElements: reduction "${reduction}" is not known`)
    return { dtype: data.dtype, shape: data.shape }
  }
})
