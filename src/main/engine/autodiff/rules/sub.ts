import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** C = A − B: dA = dY, dB = −dY */
export const subRule = defineRule(allOps.Sub, ({ g, dY }) => ({ A: () => dY, B: () => g.neg(dY) }))
