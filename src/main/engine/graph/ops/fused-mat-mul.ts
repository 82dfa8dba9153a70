import { defineOp, float } from '../define-op.ts'
import { matMulShape } from './mat-mul.ts'

export interface FusedMatMulAttributes {
  readonly transA: number
  readonly transB: number
  readonly alpha: { readonly float: number }
  readonly [name: string]: number | { readonly float: number }
}

/** Y = alpha · op(A) · op(B), where op swaps the last two axes if asked. */
export const FusedMatMul = defineOp({
  type: 'FusedMatMul',
  domain: 'com.microsoft',
  inputs: { A: float(), B: float() },
  infer: ({ A, B }, { transA, transB }: FusedMatMulAttributes) => ({
    dtype: A.dtype,
    shape: matMulShape('FusedMatMul', A.shape, B.shape, transA === 1, transB === 1)
  })
})
