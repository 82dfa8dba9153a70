import { describe, expect, test } from 'vitest'
import { thin } from '../../../../src/main/runs/curves.ts'

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

describe('a thinned series', () => {
  test('is as it was where it is short, but for what is not finite', () => {
    expect(thin([1, 2, 3, 4], [5, null, Number.NaN, 7])).toEqual({ step: [1, 4], value: [5, 7] })
  })

  test('of 100,000 points has 2,000 at most, ascending, and keeps the only spike and the only dip', () => {
    const values = range(100_000).map((i) => (i === 54_321 ? 99 : i === 7 ? -99 : Math.sin(i)))
    const { step, value } = thin(range(100_000), values)
    expect(step.length).toBeLessThanOrEqual(2000)
    expect(step.every((each, i) => i === 0 || each > step[i - 1]!)).toBe(true)
    expect([value[step.indexOf(54_321)], value[step.indexOf(7)]]).toEqual([99, -99])
  })
})
