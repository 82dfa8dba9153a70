import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** C = A / B: dA = dY / B, dB = −dY · C / B */
export const divRule = defineRule(allOps.Div, ({ g, inputs: { B }, outputs, dY }) => ({
  A: () => g.div(dY, B),
  B: () => g.neg(g.div(g.mul(dY, outputs[0]!), B))
}))
