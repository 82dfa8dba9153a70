import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = √X: dX = dY / (2·Y) */
export const sqrtRule = defineRule(allOps.Sqrt, ({ g, outputs: [Y], dY }) => ({ X: () => g.div(g.scale(dY, 0.5), Y!) }))
