import { GraphError } from '../../../base/errors.ts'
import { defineOp, index } from '../define-op.ts'

/** float32 zeros of a constant or host-fed shape: ONNX's default where the attribute `value` is left out. */
export const ConstantOfShape = defineOp({
  type: 'ConstantOfShape',
  inputs: { shape: index() },
  infer: ({ shape }) => {
    const { source } = shape
    const dims = source.kind === 'shape' ? source.dims : source.kind === 'constant' ? source.data : undefined
    if (!dims) throw new GraphError(`ConstantOfShape: ${shape.name} must be a constant or a shape vector`)
    return { dtype: 'float32', shape: dims }
  }
})
