import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'
import { gradientOfA, gradientOfB, multiplyWith } from './products.ts'

/**
 * Y  = alpha · op(A) · op(B) + beta · C
 * dA = alpha · dY · op(B)ᵀ, dB = alpha · op(A)ᵀ · dY, each transposed where its input was; dC = beta · dY
 */
export const gemmRule = defineRule(allOps.Gemm, ({ g, inputs: { A, B }, attributes: { transA, transB, alpha, beta }, dY }) => {
  const product = { A, B, transA: transA === 1, transB: transB === 1, alpha: alpha.float }
  const multiply = multiplyWith(g, true)
  return {
    A: () => gradientOfA(multiply, product, dY),
    B: () => gradientOfB(g, multiply, product, dY),
    C: () => g.scale(dY, beta.float)
  }
})
