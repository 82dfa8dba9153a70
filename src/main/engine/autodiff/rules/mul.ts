import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'
import { again } from './again.ts'

/** C = A · B: dA = dY · B, dB = dY · A */
export const mulRule = defineRule(allOps.Mul, ({ g, inputs: { A, B }, dY }) => ({
  A: () => g.mul(dY, again(g, B)),
  B: () => g.mul(dY, again(g, A))
}))
