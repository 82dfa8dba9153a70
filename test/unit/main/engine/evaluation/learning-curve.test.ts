import { describe, expect, it } from 'vitest'
import { Random } from '../../../../../src/main/base/random.ts'
import { fitLearningCurve, type CurvePoint } from '../../../../../src/main/engine/evaluation/index.ts'

const SIZES = [50, 100, 200, 400]

/** Points on a curve of errors, with intervals of `spread` to either side. */
const points = (errorOf: (rows: number) => number, spread: number, isLess = false): CurvePoint[] =>
  SIZES.map((rows) => {
    const value = isLess ? errorOf(rows) : 1 - errorOf(rows)
    return { rows, value, low: value - spread, high: value + spread }
  })

describe('what more labels would buy', () => {
  it('finds a power law again and carries it on', () => {
    const errorOf = (rows: number): number => 0.05 + 2 * rows ** -0.5
    const fit = fitLearningCurve(points(errorOf, 0.004), false, 1)
    expect(fit?.doubled.value).toBeCloseTo(1 - errorOf(800), 2)
    expect(fit?.gain.value).toBeCloseTo(errorOf(400) - errorOf(800), 2)
    expect(fit?.verdict).toBe('more')
  })

  it('reads errors, of which less is better, as they are', () => {
    const errorOf = (rows: number): number => 3 + 40 * rows ** -0.5
    const fit = fitLearningCurve(points(errorOf, 0.05, true), true, 1)
    expect(fit?.doubled.value).toBeCloseTo(errorOf(800), 1)
    expect(fit?.verdict).toBe('more')
  })

  it('says that a flat curve is flat', () => {
    const fit = fitLearningCurve(
      points(() => 0.1, 0.01),
      false,
      1
    )
    expect(fit?.gain.value).toBeCloseTo(0, 6)
    expect(fit?.verdict).toBe('flat')
  })

  it('says that it cannot be told where the intervals are wide', () => {
    expect(
      fitLearningCurve(
        points((rows) => 0.1 + rows ** -0.5, 0.15),
        false,
        1
      )?.verdict
    ).toBe('unclear')
  })

  it('widens its intervals where the points lie far from any such law', () => {
    const near = points((rows) => 0.1 + 2 * rows ** -0.5, 0.01)
    const far = near.map((point, i) => ({ ...point, value: point.value + (i % 2 === 0 ? 0.05 : -0.05) }))
    const width = (of: readonly CurvePoint[]): number => {
      const doubled = fitLearningCurve(of, false, 1)?.doubled
      return (doubled?.high ?? 0) - (doubled?.low ?? 0)
    }
    expect(width(far)).toBeGreaterThan(1.5 * width(near))
  })

  it('is no curve with two points, and the same for the same seed', () => {
    const four = points((rows) => 2 * rows ** -0.5, 0.02)
    expect(fitLearningCurve(four.slice(2), false, 1)).toBeNull()
    expect(fitLearningCurve(four, false, 1)).toEqual(fitLearningCurve(four, false, 1))
  })

  it('covers the truth about as often as it says', { timeout: 60_000 }, () => {
    const errorOf = (rows: number): number => 0.05 + 1.5 * rows ** -0.5
    const random = new Random(1, 'test/learning-curve')
    const deviation = 0.02
    let covered = 0
    for (let trial = 0; trial < 30; trial++) {
      const drawn = points(errorOf, 1.96 * deviation).map((point) => {
        const shift = deviation * random.normal()
        return { ...point, value: point.value + shift, low: point.low + shift, high: point.high + shift }
      })
      const doubled = fitLearningCurve(drawn, false, trial)?.doubled
      if (doubled && doubled.low <= 1 - errorOf(800) && 1 - errorOf(800) <= doubled.high) covered++
    }
    expect(covered).toBeGreaterThanOrEqual(26)
  })
})
