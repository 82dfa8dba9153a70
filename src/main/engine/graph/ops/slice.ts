import { any, defineOp, index } from '../define-op.ts'
import { constantOf } from '../constant.ts'
import { axisOf, sizeAt } from '../shapes.ts'

/** data[starts … ends) along the given constant axes, whose sizes are numbers; step 1. */
export const Slice = defineOp({
  type: 'Slice',
  inputs: { data: any(), starts: index(), ends: index(), axes: index() },
  infer: ({ data, starts, ends, axes }) => {
    const shape = [...data.shape]
    constantOf('Slice', axes).forEach((axis, i) => {
      const at = axisOf('Slice', axis, shape.length)
      const size = sizeAt(data.shape, at)
      shape[at] = Math.min(constantOf('Slice', ends)[i] ?? size, size) - (constantOf('Slice', starts)[i] ?? 0)
    })
    return { dtype: data.dtype, shape }
  }
})
