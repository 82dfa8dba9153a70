import { any, defineOp, index } from '../define-op.ts'
import { constantOf } from '../constant.ts'

/** Zeros put around `data`; `pads` is [before of each axis, after of each axis], constant. Padded axes have numeric sizes. */
export const Pad = defineOp({
  type: 'Pad',
  inputs: { data: any(), pads: index() },
  infer: ({ data, pads }) => {
    const amounts = constantOf('Pad', pads)
    const rank = data.shape.length
    const shape = data.shape.map((dim, i) => {
      const extra = (amounts[i] ?? 0) + (amounts[i + rank] ?? 0)
      return typeof dim === 'number' ? dim + extra : dim
    })
    return { dtype: data.dtype, shape }
  }
})
