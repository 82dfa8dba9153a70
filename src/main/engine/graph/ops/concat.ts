import { GraphError } from '../../../base/errors.ts'
import { any, defineOp, many } from '../define-op.ts'
import { axisOf, dimAt } from '../shapes.ts'
import type { Dim } from '../types.ts'

/** Tensors joined along one axis, whose sizes are numbers, but for the last, which may be a name (`8+time`). The other axes agree. */
export const Concat = defineOp({
  type: 'Concat',
  inputs: { inputs: many(any()) },
  infer: ({ inputs }, { axis }: { readonly axis: number }) => {
    const first = inputs[0]
    if (!first) throw new GraphError('Concat: no inputs')
    const at = axisOf('Concat', axis, first.shape.length)
    for (const { shape } of inputs) {
      if (shape.length !== first.shape.length || shape.some((dim, i) => i !== at && dim !== first.shape[i]))
        throw new GraphError(`Concat: [${first.shape.join(',')}] and [${shape.join(',')}] differ beside axis ${at}`)
    }
    const sizes = inputs.map((input) => dimAt(input.shape, at))
    const joined: Dim = sizes.every((size) => typeof size === 'number')
      ? sizes.reduce((sum, size) => sum + size, 0)
      : sizes.join('+')
    return { dtype: first.dtype, shape: first.shape.map((dim, i) => (i === at ? joined : dim)) }
  }
})
