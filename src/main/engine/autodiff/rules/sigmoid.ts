import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = σ(X): dX = dY · Y · (1 − Y) */
export const sigmoidRule = defineRule(allOps.Sigmoid, ({ g, outputs: [Y], dY }) => ({
  X: () => g.mul(dY, g.mul(Y!, g.sub(g.scalar(1, dY.dtype), Y!)))
}))
