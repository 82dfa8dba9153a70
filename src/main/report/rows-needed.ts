import { SIGNIFICANCE, twoSidedZ } from '../base/significance.ts'

/** How often so many rows would show the difference. */
const POWER = 0.8

/**
 * Roughly how many test rows would show a difference that `rows` of them did not show, in four of five test sets, if it stays as it is. What a
 * test weighs grows with the root of its rows, so that
 *
 * n' = n · ((z₁₋α∕₂ₘ + z_power) / z_p)²  (Lachin 1981; z_p is what the test's own two-sided p stands for, m the tests that it is corrected for)
 *
 * Null where the rows show nothing at all (p = 1).
 */
export function rowsNeeded(p: number, rows: number, tests: number): number | null {
  const seen = twoSidedZ(1 - p)
  if (seen < 1e-6) return null
  const wanted = twoSidedZ(1 - SIGNIFICANCE / Math.max(1, tests)) + twoSidedZ(2 * POWER - 1)
  return Math.ceil(rows * (wanted / seen) ** 2)
}
