import type { Ops } from '../../graph/operations.ts'
import type { Value } from '../../graph/types.ts'
import { again } from './again.ts'

/** Y = alpha · op(A) · op(B), over the last two axes. */
export interface Product {
  readonly A: Value
  readonly B: Value
  readonly transA: boolean
  readonly transB: boolean
  readonly alpha: number
}

type Multiply = (a: Value, b: Value, options: { transA: boolean; transB: boolean; alpha: number }) => Value

/** The functions that multiply for one op: `g.gemm` for matrices, `g.fusedMatMul` for batches. */
export const multiplyWith = (g: Ops, matrices: boolean): Multiply =>
  matrices ? (a, b, options) => g.gemm(a, b, options) : (a, b, options) => g.fusedMatMul(a, b, options)

/**
 * dA = alpha · dY · op(B)ᵀ, transposed where A was. No operand is transposed in memory.
 */
export function gradientOfA(multiply: Multiply, { A: _, B, transA, transB, alpha }: Product, dY: Value): Value {
  return transA
    ? multiply(B, dY, { transA: transB, transB: true, alpha })
    : multiply(dY, B, { transA: false, transB: !transB, alpha })
}

/** From this width on, turning dY round first is quicker than letting the matrix product do it for every strip of columns (bench/README.md). */
const widthWorthTurning = 512

const isWide = (value: Value): boolean => {
  const [rows, width] = value.shape
  return value.shape.length === 2 && typeof rows === 'string' && typeof width === 'number' && width >= widthWorthTurning
}

/**
 * dB = alpha · op(A)ᵀ · dY, transposed where B was.
 */
export function gradientOfB(g: Ops, multiply: Multiply, { A, transA, transB, alpha }: Product, dY: Value): Value {
  const left = again(g, A)
  if (transB && !transA && isWide(dY) && isWide(left)) {
    return multiply(g.transposeLast(dY), left, { transA: false, transB: false, alpha })
  }
  return transB
    ? multiply(dY, left, { transA: true, transB: transA, alpha })
    : multiply(left, dY, { transA: !transA, transB: false, alpha })
}
