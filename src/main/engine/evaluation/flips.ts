import { Random } from '../../base/random.ts'

export interface FlipOptions {
  readonly seed: number
  /** Number of random flips when there are too many to try all; default 9999. */
  readonly flips?: number | undefined
  /** A group number per row: whole groups flip together. */
  readonly groups?: Int32Array | null
}

/** Up to this many units (rows or groups), all 2ⁿ flips are tried. */
const EXACT_UNITS = 12

/**
 * The p-value of a test by flips: the share of sign patterns over `units` for which `isExtreme` holds. All 2ⁿ patterns where they are few, else
 * (1 + count)/(1 + flips) over seeded random ones, which keeps the test's level (Phipson & Smyth 2010).
 */
export function shareOfFlips(
  units: number,
  { seed, flips = 9999 }: Omit<FlipOptions, 'groups'>,
  isExtreme: (signs: Int8Array) => boolean
): number {
  const signs = new Int8Array(units)
  const all = units <= EXACT_UNITS ? 2 ** units : null
  const random = new Random(seed, 'evaluation/sign-flip')
  let extreme = 0
  for (let flip = 0; flip < (all ?? flips); flip++) {
    let bits = flip
    for (let i = 0; i < units; i++) {
      if (all === null && (i & 31) === 0) bits = random.word()
      signs[i] = ((bits >>> (i & 31)) & 1) === 1 ? 1 : -1
    }
    if (isExtreme(signs)) extreme++
  }
  return all === null ? (1 + extreme) / (1 + flips) : extreme / all
}
