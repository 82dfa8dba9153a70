import { constantOf } from '../../graph/constant.ts'
import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** C = Aᴮ with a constant scalar B: dA = dY · B · Aᴮ⁻¹. A constant has no gradient: asking for dB is a bug. */
export const powRule = defineRule(allOps.Pow, ({ g, inputs: { A, B }, dY }) => ({
  A: () => {
    const exponent = constantOf('Pow', B)[0] ?? 1
    return g.mul(dY, g.scale(g.pow(A, g.scalar(exponent - 1, A.dtype)), exponent))
  },
  B: () => {
    throw new Error('Pow: the exponent is a constant and has no gradient')
  }
}))
