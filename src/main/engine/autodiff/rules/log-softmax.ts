import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = log softmax X: dX = dY − eʸ·Σ dY over the axis */
export const logSoftmaxRule = defineRule(allOps.LogSoftmax, ({ g, outputs: [Y], attributes: { axis }, dY }) => ({
  X: () => g.sub(dY, g.mul(g.exp(Y!), g.reduceSum(dY, [axis], true)))
}))
