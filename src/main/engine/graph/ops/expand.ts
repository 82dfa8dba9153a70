import { GraphError } from '../../../base/errors.ts'
import { any, defineOp, index } from '../define-op.ts'
import { broadcast } from '../shapes.ts'

/** `data` repeated along axes of size 1 (and new leading axes) up to a constant or host-fed shape. */
export const Expand = defineOp({
  type: 'Expand',
  inputs: { data: any(), shape: index() },
  infer: ({ data, shape }) => {
    const { source } = shape
    const target = source.kind === 'shape' ? source.dims : source.kind === 'constant' ? source.data : undefined
    if (!target) throw new GraphError(`Expand: ${shape.name} must be a constant or a shape vector`)
    return { dtype: data.dtype, shape: broadcast('Expand', data.shape, target) }
  }
})
