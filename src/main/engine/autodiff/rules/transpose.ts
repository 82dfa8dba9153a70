import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Axis i of Y is axis perm[i] of X: dX is dY transposed by the inverse */
export const transposeRule = defineRule(allOps.Transpose, ({ g, attributes: { perm }, dY }) => ({
  X: () =>
    g.transpose(
      dY,
      perm.map((_, axis) => perm.indexOf(axis))
    )
}))
