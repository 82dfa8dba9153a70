import { any, defineOp } from '../define-op.ts'

/** The sizes of a value's axes. */
export const Shape = defineOp({
  type: 'Shape',
  inputs: { data: any() },
  outputs: ['shape'],
  infer: ({ data }) => ({ dtype: 'int64', shape: [data.shape.length] })
})
