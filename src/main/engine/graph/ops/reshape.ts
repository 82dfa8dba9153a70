import { GraphError } from '../../../base/errors.ts'
import { any, defineOp, index } from '../define-op.ts'
import { sameSize } from '../shapes.ts'
import type { Shape, Source } from '../types.ts'

/** The same elements in another shape. `shape` is a constant, a vector that the host feeds, or another value's shape. */
export const Reshape = defineOp({
  type: 'Reshape',
  inputs: { data: any(), shape: index() },
  infer: ({ data, shape }) => {
    const target = targetOf(shape.source)
    if (!target) throw new GraphError(`Reshape: ${shape.name} must be a constant or a shape vector`)
    if (!sameSize(data.shape, target))
      throw new GraphError(`Reshape: [${data.shape.join(',')}] does not hold as many elements as [${target.join(',')}]`)
    return { dtype: data.dtype, shape: target }
  }
})

function targetOf(source: Source): Shape | undefined {
  switch (source.kind) {
    case 'shape':
      return source.dims
    case 'constant':
      return source.data
    case 'node':
      return source.node.op.type === 'Shape' ? source.node.inputs[0]?.shape : undefined
    default:
      return undefined
  }
}
