import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = |X|: dX = dY · sign X */
export const absRule = defineRule(allOps.Abs, ({ g, inputs: { X }, dY }) => ({ X: () => g.mul(dY, g.sign(X)) }))
