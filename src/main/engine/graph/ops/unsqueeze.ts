import { GraphError } from '../../../base/errors.ts'
import { any, defineOp, index } from '../define-op.ts'
import { constantOf } from '../constant.ts'
import { axisOf } from '../shapes.ts'
import type { Dim } from '../types.ts'

/** `data` with new axes of size 1 at the given places of the result. */
export const Unsqueeze = defineOp({
  type: 'Unsqueeze',
  inputs: { data: any(), axes: index() },
  infer: ({ data, axes }) => {
    const rank = data.shape.length + constantOf('Unsqueeze', axes).length
    const added = new Set(constantOf('Unsqueeze', axes).map((axis) => axisOf('Unsqueeze', axis, rank)))
    if (added.size + data.shape.length !== rank) throw new GraphError('Unsqueeze: an axis is named twice')
    const left = [...data.shape]
    const shape = Array.from({ length: rank }, (_, i): Dim => (added.has(i) ? 1 : (left.shift() ?? 1)))
    return { dtype: data.dtype, shape }
  }
})
