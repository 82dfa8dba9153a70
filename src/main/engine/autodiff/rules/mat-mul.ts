import { allOps } from '../../graph/ops/index.ts'
import { productOf } from '../../graph/shapes.ts'
import type { Ops } from '../../graph/operations.ts'
import type { Value } from '../../graph/types.ts'
import { defineRule } from '../define-rule.ts'
import { again } from './again.ts'
import { gradientOfA, gradientOfB, multiplyWith } from './products.ts'

/**
 * Y  = A · B
 * dA = dY · Bᵀ
 * dB = Aᵀ · dY
 */
export const matMulRule = defineRule(allOps.MatMul, ({ g, inputs: { A, B }, dY }) => {
  const product = { A, B, transA: false, transB: false, alpha: 1 }
  const multiply = multiplyWith(g, A.shape.length === 2 && B.shape.length === 2)
  return {
    A: () => gradientOfA(multiply, product, dY),
    B: () => {
      const isSharedWeight = B.shape.length === 2 && A.shape.length > 2
      if (!isSharedWeight) return gradientOfB(g, multiply, product, dY)
      // Flattening first keeps one K×N product alive instead of one per batch row.
      return g.gemm(flatten(g, again(g, A)), flatten(g, dY), { transA: true })
    }
  }
})

/** All axes but the last as one. */
export function flatten(g: Ops, x: Value): Value {
  return g.reshape(x, [productOf(x.shape.slice(0, -1)), x.shape.at(-1) ?? 1])
}
