import { describe, expect, test } from 'vitest'
import { compareGroups, fisherExact } from '../../../../../src/main/engine/evaluation/compare-groups.ts'

describe('Fisher’s exact test', () => {
  // scipy.stats.fisher_exact of scipy 1.x, and Fisher's own tea tasting.
  test.each([
    [8, 2, 1, 5, 0.03496503496503495],
    [3, 1, 1, 3, 0.48571428571428565],
    [1, 9, 11, 3, 0.0027594561852200836],
    [0, 10, 0, 12, 1]
  ])('of %i %i %i %i is %d', (a, b, c, d, p) => {
    expect(fisherExact(a, b, c, d)).toBeCloseTo(p, 10)
  })
})

describe('groups against the rest', () => {
  const right = (hits: number, rows: number): number[] => Array.from({ length: rows }, (_, i) => Number(i < hits))
  const values = Float64Array.from([...right(20, 40), ...right(38, 40), ...right(37, 40)])
  const groupOf = Int32Array.from({ length: 120 }, (_, row) => Math.floor(row / 40))

  test('are told apart where they differ, with Holm’s correction', () => {
    const [low, a, b] = compareGroups(values, groupOf, 3, { seed: 1, isShare: true })
    expect(low?.value).toMatchObject({ value: 0.5 })
    expect(low?.difference?.value).toBeCloseTo(0.5 - 75 / 80, 12)
    // The smallest of three p-values is multiplied by three.
    expect(low?.p).toBeCloseTo(3 * fisherExact(20, 20, 75, 5), 12)
    expect(a?.rows).toBe(40)
    expect(b?.p).toBeGreaterThan(0.01)
  })

  test('that are two make one test, not two', () => {
    const [first, second] = compareGroups(values.slice(0, 80), groupOf.slice(0, 80), 2, { seed: 1, isShare: true })
    expect(first?.p).toBeCloseTo(fisherExact(20, 20, 38, 2), 12)
    expect(second?.p).toBeCloseTo(first!.p!, 12)
    expect(second?.difference?.value).toBeCloseTo(-first!.difference!.value, 12)
  })

  test('have wider intervals where rows belong together', () => {
    // Every patient is right or wrong as a whole, ten rows each.
    const whole = Float64Array.from({ length: 200 }, (_, row) => Math.floor(row / 10) % 2)
    const sides = Int32Array.from({ length: 200 }, (_, row) => Number(row >= 100))
    const units = Int32Array.from({ length: 200 }, (_, row) => Math.floor(row / 10))
    const width = (value: { low: number; high: number } | null | undefined): number => (value ? value.high - value.low : 0)
    const [alone] = compareGroups(whole, sides, 2, { seed: 1, isShare: true })
    const [together] = compareGroups(whole, sides, 2, { seed: 1, isShare: true, units })
    expect(width(together?.value)).toBeGreaterThan(2 * width(alone?.value))
  })

  test('have nothing to be compared with where there is one', () => {
    const [only] = compareGroups(values, new Int32Array(120), 1, { seed: 1, isShare: true })
    expect(only).toMatchObject({ rows: 120, difference: null, p: null })
    expect(compareGroups(new Float64Array(), new Int32Array(), 0, { seed: 1, isShare: true })).toEqual([])
  })
})
