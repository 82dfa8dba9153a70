import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** C = A + B: dA = dY, dB = dY */
export const addRule = defineRule(allOps.Add, ({ dY }) => ({ A: () => dY, B: () => dY }))
