import { GraphError } from '../../../base/errors.ts'
import { defineOp, float, optional } from '../define-op.ts'
import { broadcast, sameShape } from '../shapes.ts'
import { matMulShape } from './mat-mul.ts'

export interface GemmAttributes {
  readonly transA: number
  readonly transB: number
  readonly alpha: { readonly float: number }
  readonly beta: { readonly float: number }
  readonly [name: string]: number | { readonly float: number }
}

/** Y = alpha · op(A) · op(B) + beta · C for matrices; C broadcasts to Y. */
export const Gemm = defineOp({
  type: 'Gemm',
  inputs: { A: float(), B: float(), C: optional(float()) },
  infer: ({ A, B, C }, { transA, transB }: GemmAttributes) => {
    if (A.shape.length !== 2 || B.shape.length !== 2) throw new GraphError('Gemm: A and B must be matrices')
    const shape = matMulShape('Gemm', A.shape, B.shape, transA === 1, transB === 1)
    if (C && !sameShape(broadcast('Gemm', shape, C.shape), shape))
      throw new GraphError(`Gemm: C [${C.shape.join(',')}] does not fit [${shape.join(',')}]`)
    return { dtype: A.dtype, shape }
  }
})
