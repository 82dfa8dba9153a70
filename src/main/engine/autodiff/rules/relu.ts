import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = max(X, 0): dX = dY where X > 0, else 0 (torch takes 0 at X = 0) */
export const reluRule = defineRule(allOps.Relu, ({ g, inputs: { X }, dY }) => ({
  X: () => g.where(g.greater(X, g.scalar(0, X.dtype)), dY, g.scalar(0, dY.dtype))
}))
