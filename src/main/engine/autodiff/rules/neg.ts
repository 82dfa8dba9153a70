import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = −X: dX = −dY */
export const negRule = defineRule(allOps.Neg, ({ g, dY }) => ({ X: () => g.neg(dY) }))
