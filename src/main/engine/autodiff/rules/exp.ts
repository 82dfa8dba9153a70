import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = eˣ: dX = dY · Y */
export const expRule = defineRule(allOps.Exp, ({ g, outputs: [Y], dY }) => ({ X: () => g.mul(dY, Y!) }))
