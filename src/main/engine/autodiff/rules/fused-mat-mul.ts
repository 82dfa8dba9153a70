import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'
import { gradientOfA, gradientOfB, multiplyWith } from './products.ts'

/**
 * Y  = alpha · op(A) · op(B)
 * dA = alpha · dY · op(B)ᵀ, dB = alpha · op(A)ᵀ · dY, each transposed where its input was.
 */
export const fusedMatMulRule = defineRule(
  allOps.FusedMatMul,
  ({ g, inputs: { A, B }, attributes: { transA, transB, alpha }, dY }) => {
    const product = { A, B, transA: transA === 1, transB: transB === 1, alpha: alpha.float }
    const multiply = multiplyWith(g, A.shape.length === 2 && B.shape.length === 2)
    return { A: () => gradientOfA(multiply, product, dY), B: () => gradientOfB(g, multiply, product, dY) }
  }
)
