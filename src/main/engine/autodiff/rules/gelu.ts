import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'
import { geluParts } from './gelu-parts.ts'

/** Y = X·Φ(X): dX = dY·(Φ(X) + X·φ(X)) */
export const geluRule = defineRule(allOps.Gelu, ({ g, inputs: { X }, dY }) => ({ X: () => g.mul(dY, geluParts(g, X).slope) }))
