import { any, defineOp, index } from '../define-op.ts'
import { axisOf } from '../shapes.ts'

/** Slices of `data` along `axis`, picked by `indices`: embedding look-up where axis is 0. */
export const Gather = defineOp({
  type: 'Gather',
  inputs: { data: any(), indices: index() },
  infer: ({ data, indices }, { axis }: { readonly axis: number }) => {
    const at = axisOf('Gather', axis, data.shape.length)
    return { dtype: data.dtype, shape: [...data.shape.slice(0, at), ...indices.shape, ...data.shape.slice(at + 1)] }
  }
})
