import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = erf X: dX = dY · 2/√π · e^(−X²) */
export const erfRule = defineRule(allOps.Erf, ({ g, inputs: { X }, dY }) => ({
  X: () => g.mul(dY, g.scale(g.exp(g.neg(g.mul(X, X))), 2 / Math.sqrt(Math.PI)))
}))
