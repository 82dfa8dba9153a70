import { GraphError } from '../../../base/errors.ts'
import { any, defineOp, index } from '../define-op.ts'
import { constantOf } from '../constant.ts'

/** Zeros put around `data`; `pads` is [before of each axis, after of each axis], constant, none negative. Padded axes have numeric sizes. */
export const Pad = defineOp({
  type: 'Pad',
  inputs: { data: any(), pads: index() },
  infer: ({ data, pads }) => {
    const amounts = constantOf('Pad', pads)
    const rank = data.shape.length
    if (amounts.length !== 2 * rank || amounts.some((amount) => amount < 0))
      throw new GraphError(`Pad: pads [${amounts.join(',')}] do not fit [${data.shape.join(',')}]`)
    const shape = data.shape.map((dim, i) => {
      const extra = (amounts[i] ?? 0) + (amounts[i + rank] ?? 0)
      if (typeof dim === 'number') return dim + extra
      if (extra > 0) throw new GraphError(`Pad: axis ${i} of [${data.shape.join(',')}] must be a number here`)
      return dim
    })
    return { dtype: data.dtype, shape }
  }
})
