import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = X: dX = dY */
export const identityRule = defineRule(allOps.Identity, ({ dY }) => ({ X: () => dY }))
