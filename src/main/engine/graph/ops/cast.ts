import { GraphError } from '../../../base/errors.ts'
import { any, defineOp } from '../define-op.ts'
import type { DType } from '../types.ts'

/** ONNX's numbers for element types (TensorProto.DataType). */
export const onnxTypeNumber: Readonly<Record<DType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16
}

/** The same numbers as another element type. */
export const Cast = defineOp({
  type: 'Cast',
  inputs: { X: any() },
  infer: ({ X }, { to }: { readonly to: number }) => {
    const entry = Object.entries(onnxTypeNumber).find(([, number]) => number === to)
    if (!entry) throw new GraphError(`Cast: unknown element type ${to}`)
    // The keys of the table are exactly the element types.
    return { dtype: entry[0] as DType, shape: X.shape }
  }
})
