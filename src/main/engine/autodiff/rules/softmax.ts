import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = softmax X: dX = Y·(dY − Σ(Y·dY)) over the axis */
export const softmaxRule = defineRule(allOps.Softmax, ({ g, outputs: [Y], attributes: { axis }, dY }) => ({
  X: () => g.mul(Y!, g.sub(dY, g.reduceSum(g.mul(Y!, dY), [axis], true)))
}))
