import { Random } from '../../src/main/base/random.ts'

/** How the numbers of a test's inputs are drawn. */
export type Sample = (random: Random) => number

/** Uniform in (−2, 2): both signs, no tie, no extreme. */
export const usual: Sample = (random) => random.uniform() * 4 - 2

/** As `usual`, at least `gap` away from zero. */
export const awayFromZero =
  (gap: number): Sample =>
  (random) => {
    const x = usual(random)
    return x < 0 ? x - gap : x + gap
  }

/** Uniform between two bounds. */
export const between =
  (low: number, high: number): Sample =>
  (random) =>
    low + (high - low) * random.uniform()

/** `count` draws; (name) decides them. */
export function draw(name: string, count: number, sample: Sample = usual): Float64Array {
  const random = new Random(1, name)
  return Float64Array.from({ length: count }, () => sample(random))
}
