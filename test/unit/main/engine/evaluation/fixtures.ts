import { expect } from 'vitest'

/** Asserts that each expected number is met to 1e-9 (relative above one); null in a fixture stands for "not defined". */
export function expectNumbers(
  actual: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number | null>>,
  tolerance = 1e-9
): void {
  for (const [key, value] of Object.entries(expected)) {
    const own = actual[key] ?? Infinity
    if (value === null) expect(own, key).toBeNaN()
    else
      expect(Math.abs(own - value), `${key}: ${own}, expected ${value}`).toBeLessThanOrEqual(
        tolerance * Math.max(1, Math.abs(value))
      )
  }
}

/** The largest absolute difference between two lists of the same length. */
export function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((most, each, i) => Math.max(most, Math.abs(each - (b[i] ?? NaN))), 0)
}
