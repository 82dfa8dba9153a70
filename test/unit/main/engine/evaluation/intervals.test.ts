import { describe, expect, test } from 'vitest'
import { Random } from '../../../../../src/main/base/random.ts'
import { classificationMeasure } from '../../../../../src/main/engine/evaluation/classification.ts'
import { bootstrap, numberGroups, quantile, wilson } from '../../../../../src/main/engine/evaluation/intervals.ts'
import type { Measure } from '../../../../../src/main/engine/evaluation/intervals.ts'
import fixture from '../../../../fixtures/metrics/tests.json' with { type: 'json' }

/** The mean of the values, as a measure. */
function meanMeasure(values: readonly number[]): Measure {
  return {
    rows: values.length,
    size: 1,
    measure(weights, out) {
      let [sum, total] = [0, 0]
      values.forEach((value, row) => {
        sum += (weights[row] ?? 0) * value
        total += weights[row] ?? 0
      })
      out[0] = sum / total
    }
  }
}

describe('bootstrap intervals', () => {
  const random = new Random(1, 'test')
  const values = Array.from({ length: 400 }, () => random.normal())
  const middle = values.reduce((a, b) => a + b) / values.length
  const spread = Math.sqrt(values.reduce((sum, each) => sum + (each - middle) ** 2, 0) / values.length)

  test('of a mean are those of the normal theory', () => {
    const [estimate] = bootstrap(meanMeasure(values), { seed: 1, resamples: 4000 })
    const half = (1.96 * spread) / Math.sqrt(values.length)
    expect(estimate?.value).toBeCloseTo(middle, 12)
    expect(Math.abs((estimate?.low ?? 0) - (middle - half))).toBeLessThan(0.08 * half)
    expect(Math.abs((estimate?.high ?? 0) - (middle + half))).toBeLessThan(0.08 * half)
  })

  test('repeat for one seed and differ for another', () => {
    const draw = (seed: number) => bootstrap(meanMeasure(values), { seed, resamples: 100 })
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  test('widen when equal rows come in whole groups, as the number of groups says', () => {
    const repeated = values.slice(0, 100).flatMap((value) => [value, value, value, value])
    const groups = numberGroups(repeated.map((_, row) => `patient ${Math.floor(row / 4)}`))
    const width = (given: Int32Array | null) => {
      const [estimate] = bootstrap(meanMeasure(repeated), { seed: 1, resamples: 2000, groups: given })
      return (estimate?.high ?? 0) - (estimate?.low ?? 0)
    }
    expect(width(groups) / width(null)).toBeGreaterThan(1.85)
    expect(width(groups) / width(null)).toBeLessThan(2.15)
  })

  test('are null for what the rows do not define, and ignore resamples that lack a class', () => {
    const probabilities = Float64Array.of(0.9, 0.1, 0.8, 0.2, 0.3, 0.7, 0.6, 0.4)
    const single = bootstrap(classificationMeasure({ labels: new Int32Array(4), probabilities, classNames: ['a', 'b'] }), {
      seed: 1
    })
    expect(single[12]).toBeNull()
    const rare = bootstrap(classificationMeasure({ labels: Int32Array.of(0, 0, 1, 0), probabilities, classNames: ['a', 'b'] }), {
      seed: 1
    })
    expect(rare[12]).toEqual({ value: 1, low: 1, high: 1 })
  })

  test('numbers groups by first appearance', () => {
    expect(numberGroups(['b', 'a', 'b', 'c'])).toEqual(Int32Array.of(0, 1, 0, 2))
    expect(numberGroups(null)).toBeNull()
  })

  test('interpolates quantiles as numpy does', () => {
    expect(quantile(Float64Array.of(1, 2, 4, 8), 0.5)).toBe(3)
    expect(quantile(Float64Array.of(1, 2, 4, 8), 0.9)).toBeCloseTo(6.8, 12)
    expect(quantile(Float64Array.of(5), 0.025)).toBe(5)
  })
})

describe('Wilson intervals', () => {
  test.each(fixture.wilson)('equal scipy: $successes of $trials at $level', ({ successes, trials, level, low, high }) => {
    const estimate = wilson(successes, trials, level)
    expect(estimate?.low).toBeCloseTo(low, 10)
    expect(estimate?.high).toBeCloseTo(high, 10)
    expect(estimate?.value).toBe(successes / trials)
  })

  test('are null without trials', () => {
    expect(wilson(0, 0)).toBeNull()
  })
})
