import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = X in another float type: dX = dY in the type of X */
export const castRule = defineRule(allOps.Cast, ({ g, inputs: { X }, dY }) => ({ X: () => g.cast(dY, X.dtype) }))
