import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = ln X: dX = dY / X */
export const logRule = defineRule(allOps.Log, ({ g, inputs: { X }, dY }) => ({ X: () => g.div(dY, X) }))
