import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = tanh X: dX = dY · (1 − Y²) */
export const tanhRule = defineRule(allOps.Tanh, ({ g, outputs: [Y], dY }) => ({
  X: () => g.mul(dY, g.sub(g.scalar(1, dY.dtype), g.mul(Y!, Y!)))
}))
