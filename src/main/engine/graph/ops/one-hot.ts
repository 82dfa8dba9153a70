import { any, defineOp, index } from '../define-op.ts'
import { constantOf } from '../constant.ts'

/** A new last axis of constant `depth`: values[1] at the index, values[0] elsewhere. */
export const OneHot = defineOp({
  type: 'OneHot',
  inputs: { indices: index(), depth: index(), values: any() },
  infer: ({ indices, depth, values }, _: { readonly axis: number }) => ({
    dtype: values.dtype,
    shape: [...indices.shape, constantOf('OneHot', depth)[0] ?? 0]
  })
})
