import { allOps } from '../../graph/ops/index.ts'
import type { Ops } from '../../graph/operations.ts'
import type { Value } from '../../graph/types.ts'
import { defineRule } from '../define-rule.ts'

/** The gradient goes to the input that is taken; where both are equal each gets half, as in torch. */
export const minRule = defineRule(allOps.Min, ({ g, inputs: { A, B }, dY }) => ({
  A: () => g.mul(dY, share(g, A, B)),
  B: () => g.mul(dY, share(g, B, A))
}))

function share(g: Ops, taken: Value, other: Value): Value {
  const half = g.where(g.equal(taken, other), g.scalar(0.5, taken.dtype), g.scalar(0, taken.dtype))
  return g.where(g.less(taken, other), g.scalar(1, taken.dtype), half)
}
