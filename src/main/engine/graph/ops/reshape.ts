import { GraphError } from '../../../base/errors.ts'
import { any, defineOp, index } from '../define-op.ts'
import { sameSize } from '../shapes.ts'
import type { Shape } from '../types.ts'

/** The same elements in another shape. `shape` is a constant, or a vector that the host feeds. */
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

function targetOf(source: { readonly kind: string; readonly dims?: Shape; readonly data?: Shape }): Shape | undefined {
  return source.kind === 'shape' ? source.dims : source.kind === 'constant' ? source.data : undefined
}
