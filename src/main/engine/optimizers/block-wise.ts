import type { Ops } from '../graph/operations.ts'
import type { Value } from '../graph/types.ts'

/** Values as bytes: codes [blocks, 256], and the largest magnitude of each block [blocks, 1]. */
export interface Coded {
  readonly codes: Value
  readonly max: Value
}

/** Largest code of a signed byte and of an unsigned one. */
const [signedTop, unsignedTop] = [127, 255] as const

/** A block of zeros has this in place of its largest magnitude: a divisor that leaves zeros what they are. */
const leastMax = 1e-30

/**
 * Block-wise 8-bit state after Dettmers et al. 2022 (arXiv:2110.02861): each block of 256 is scaled by its largest magnitude, and what is left is coded in a
 * byte whose steps are finer near zero. Their codebook is a table (a dynamic tree); ours is a square, which needs no look-up and no logarithm, so that it is
 * the same to the last bit wherever arithmetic is IEEE 754:
 *
 *   m  = max|m| · sign(c) · (c/127)²     c = −127 … 127, the mean
 *   √v = max √v · (c/255)²               c = 0 … 255, the root of the mean of squares
 *
 * Rounding is at most 2, 8 and 23 % of m at a tenth, a hundredth and a thousandth of the block's largest, and 1, 4 and 12 % of √v; the tree's is at most
 * 6, 11 and 18 % and 3, 9 and 27 % (scripts/reference/optimizers_8bit.py).
 */
export function decodeSigned(g: Ops, { codes, max }: Coded): Value {
  const code = g.cast(codes, 'float32')
  return g.mul(g.mul(code, g.abs(code)), g.mul(max, g.scalar(1 / signedTop ** 2)))
}

export function decodeUnsigned(g: Ops, { codes, max }: Coded): Value {
  const code = g.cast(codes, 'float32')
  return g.mul(g.mul(code, code), g.mul(max, g.scalar(1 / unsignedTop ** 2)))
}

/** Casting cuts off towards zero, so half a step is added outwards. */
export function encodeSigned(g: Ops, x: Value): Coded {
  const size = g.abs(x)
  const max = largest(g, size)
  const code = g.mul(g.sqrt(g.div(size, max)), g.scalar(signedTop))
  return { codes: g.cast(g.mul(g.add(code, g.scalar(0.5)), g.sign(x)), 'int8'), max }
}

/** What is not zero never becomes zero: √v is divided by, and the mean above it may not have become zero. */
export function encodeUnsigned(g: Ops, x: Value): Coded {
  const max = largest(g, x)
  const code = g.mul(g.sqrt(g.div(x, max)), g.scalar(unsignedTop))
  return { codes: g.cast(g.max(g.add(code, g.scalar(0.5)), g.sign(x)), 'uint8'), max }
}

const largest = (g: Ops, x: Value): Value => g.max(g.reduceMax(x, [1], true), g.scalar(leastMax))
