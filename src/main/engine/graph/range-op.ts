import { GraphError } from '../../base/errors.ts'
import { defineOp, index } from './define-op.ts'
import type { Ops } from './operations.ts'
import type { Dim, Value } from './types.ts'

/** Y = start, start + delta, … below limit, three scalars. `count` is how many those are. Graphs get it from passes, once gradients are made. */
const rangeOf = (count: Dim) =>
  defineOp({
    type: 'Range',
    inputs: { start: index(), limit: index(), delta: index() },
    infer: ({ start, limit, delta }) => {
      if ([start, limit, delta].some(({ shape }) => shape.length > 0))
        throw new GraphError('Range: start, limit and delta must be scalars')
      return { dtype: limit.dtype, shape: [count] }
    }
  })

/** The whole numbers from 0 below `count`, which a batch may give: int64 [count]. */
export function countUp(g: Ops, count: Dim): Value {
  const [zero, one] = [0, 1].map((value) => g.constant([value], [], 'int64'))
  return g.one(rangeOf(count), [zero ?? null, g.squeeze(g.shapeVector([count]), [0]), one ?? null], {})
}
