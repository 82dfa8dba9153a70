import { any, defineOp, index } from '../define-op.ts'

/** `data` with `updates` added (reduction `add`) or put (`none`) at `indices` along one axis. Repeated indices add up correctly on CPU. */
export const ScatterElements = defineOp({
  type: 'ScatterElements',
  inputs: { data: any(), indices: index(), updates: any() },
  infer: ({ data }, _: { readonly axis: number; readonly reduction: string }) => ({ dtype: data.dtype, shape: data.shape })
})
