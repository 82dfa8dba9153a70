import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = ln(1 + eˣ): dX = dY · σ(X) */
export const softplusRule = defineRule(allOps.Softplus, ({ g, inputs: { X }, dY }) => ({ X: () => g.mul(dY, g.sigmoid(X)) }))
