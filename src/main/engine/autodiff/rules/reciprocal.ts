import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = 1 / X: dX = −dY · Y² */
export const reciprocalRule = defineRule(allOps.Reciprocal, ({ g, outputs: [Y], dY }) => ({
  X: () => g.neg(g.mul(dY, g.mul(Y!, Y!)))
}))
