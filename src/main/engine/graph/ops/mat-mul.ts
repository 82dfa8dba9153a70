import { GraphError } from '../../../base/errors.ts'
import { defineOp, float } from '../define-op.ts'
import { broadcast, dimAt } from '../shapes.ts'
import type { Shape } from '../types.ts'

/** Shape of A·B over the last two axes, the axes before broadcast. Both have rank 2 or more. */
export function matMulShape(op: string, a: Shape, b: Shape, transA = false, transB = false): Shape {
  if (a.length < 2 || b.length < 2) throw new GraphError(`${op}: needs rank 2 or more, got [${a.join(',')}] and [${b.join(',')}]`)
  const [m, inner] = transA ? [dimAt(a, -1), dimAt(a, -2)] : [dimAt(a, -2), dimAt(a, -1)]
  const [other, n] = transB ? [dimAt(b, -1), dimAt(b, -2)] : [dimAt(b, -2), dimAt(b, -1)]
  if (inner !== other) {
    throw new GraphError(`${op}: inner sizes ${inner} and ${other} differ, shapes [${a.join(',')}] and [${b.join(',')}]`)
  }
  return [...broadcast(op, a.slice(0, -2), b.slice(0, -2)), m, n]
}

/** Y = A · B */
export const MatMul = defineOp({
  type: 'MatMul',
  inputs: { A: float(), B: float() },
  infer: ({ A, B }) => ({ dtype: A.dtype, shape: matMulShape('MatMul', A.shape, B.shape) })
})
