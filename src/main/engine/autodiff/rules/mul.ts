import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** C = A · B: dA = dY · B, dB = dY · A */
export const mulRule = defineRule(allOps.Mul, ({ g, inputs: { A, B }, dY }) => ({ A: () => g.mul(dY, B), B: () => g.mul(dY, A) }))
