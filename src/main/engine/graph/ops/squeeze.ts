import { GraphError } from '../../../base/errors.ts'
import { any, defineOp, index } from '../define-op.ts'
import { constantOf } from '../constant.ts'
import { axisOf } from '../shapes.ts'

/** `data` without the given axes of size 1. */
export const Squeeze = defineOp({
  type: 'Squeeze',
  inputs: { data: any(), axes: index() },
  infer: ({ data, axes }) => {
    const gone = new Set(constantOf('Squeeze', axes).map((axis) => axisOf('Squeeze', axis, data.shape.length)))
    for (const axis of gone)
      if (data.shape[axis] !== 1) throw new GraphError(`Squeeze: axis ${axis} of [${data.shape.join(',')}] is not 1`)
    return { dtype: data.dtype, shape: data.shape.filter((_, i) => !gone.has(i)) }
  }
})
