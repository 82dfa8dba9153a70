import { any, defineOp, index } from '../define-op.ts'

/** Y[i][j] = data[i][indices[i][j]] for axis 1, and likewise for other axes and ranks. */
export const GatherElements = defineOp({
  type: 'GatherElements',
  inputs: { data: any(), indices: index() },
  infer: ({ data, indices }, _: { readonly axis: number }) => ({ dtype: data.dtype, shape: indices.shape })
})
