import { GraphError } from '../../../base/errors.ts'
import { constantOf } from '../../graph/constant.ts'
import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** C = Aᴮ with a constant scalar B: dA = dY · B · Aᴮ⁻¹, zero where B is 0 (as torch). A constant has no gradient: asking for dB is a bug. */
export const powRule = defineRule(allOps.Pow, ({ g, inputs: { A, B }, dY }) => ({
  A: () => {
    const [exponent, ...others] = constantOf('Pow', B)
    if (exponent === undefined || others.length > 0) throw new GraphError('Pow: the gradient is defined for one exponent')
    if (exponent === 0) return g.scale(dY, 0)
    if (exponent === 1) return dY
    return g.mul(dY, g.scale(g.pow(A, g.scalar(exponent - 1, A.dtype)), exponent))
  },
  B: () => {
    throw new GraphError('Pow: the exponent is a constant and has no gradient')
  }
}))
