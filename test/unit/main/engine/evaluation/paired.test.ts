import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Random } from '../../../../../src/main/base/random.ts'
import { classificationMeasure } from '../../../../../src/main/engine/evaluation/classification.ts'
import { resample } from '../../../../../src/main/engine/evaluation/intervals.ts'
import {
  fairCoinTest,
  holm,
  mcnemarExact,
  pairedBootstrap,
  signFlipTest
} from '../../../../../src/main/engine/evaluation/paired.ts'
import { swapTest } from '../../../../../src/main/engine/evaluation/swap-test.ts'
import fixture from '../../../../fixtures/metrics/tests.json' with { type: 'json' }

describe("McNemar's exact test", () => {
  test.each(fixture.binomial)('equals scipy for $only_first against $only_second', ({ only_first, only_second, p }) => {
    expect(Math.abs(fairCoinTest(only_first, only_first + only_second) / p - 1)).toBeLessThan(1e-9)
  })

  test('counts only the rows that one of the two gets right', () => {
    const first = Uint8Array.of(1, 1, 1, 0, 0, 1)
    const second = Uint8Array.of(1, 0, 0, 0, 1, 0)
    const { p, ...counts } = mcnemarExact(first, second)
    expect(counts).toEqual({ onlyFirst: 3, onlySecond: 1 })
    expect(p).toBeCloseTo(0.625, 12)
  })
})

describe('the sign-flip test', () => {
  test.each(fixture.flips)('equals the exact permutation test of scipy (p = $p)', ({ differences, p }) => {
    expect(signFlipTest(Float64Array.from(differences), { seed: 1 })).toBeCloseTo(p, 12)
  })

  test('comes close to it where there are too many rows to try all flips', () => {
    const { differences, p } = fixture.large_flip
    expect(Math.abs(signFlipTest(Float64Array.from(differences), { seed: 1 }) - p)).toBeLessThan(
      5 * Math.sqrt((p * (1 - p)) / 9999)
    )
  })

  test('treats a group as one observation', () => {
    const sums = [0.4, 1.1, -0.3, 0.8, 0.9]
    const rows = Float64Array.from(sums.flatMap((sum) => [sum / 2, sum / 2]))
    const groups = Int32Array.from(rows, (_, row) => row >> 1)
    expect(signFlipTest(rows, { seed: 1, groups })).toBe(signFlipTest(Float64Array.from(sums), { seed: 1 }))
    expect(signFlipTest(rows, { seed: 1 })).toBeLessThan(signFlipTest(rows, { seed: 1, groups }))
  })
})

describe('the paired bootstrap', () => {
  const random = new Random(5, 'test')
  const labels = Int32Array.from({ length: 200 }, () => random.below(2))
  const model = (skill: number) => {
    const probabilities = new Float64Array(400)
    labels.forEach((label, row) => {
      const p = 1 / (1 + Math.exp(-(random.normal() + skill * (label === 1 ? 1 : -1))))
      probabilities.set([1 - p, p], 2 * row)
    })
    return classificationMeasure({ labels, probabilities, classNames: ['a', 'b'] })
  }
  const good = model(1.5)
  const poor = model(0.2)

  test('finds a real difference, the same seen from either side', () => {
    const [first, second] = resample([good, poor], { seed: 1 })
    if (!first || !second) throw new Error('two results expected')
    const forward = pairedBootstrap(first, second, 0)
    const backward = pairedBootstrap(second, first, 0)
    expect(forward.p).toBeLessThan(0.01)
    expect(forward.difference?.low).toBeGreaterThan(0)
    expect(backward.p).toBe(forward.p)
    expect(backward.difference?.value).toBe(-(forward.difference?.value ?? 0))
    expect(backward.difference?.high).toBeCloseTo(-(forward.difference?.low ?? 0), 12)
  })

  test('finds none between a model and itself', () => {
    const [first, second] = resample([good, good], { seed: 1 })
    if (!first || !second) throw new Error('two results expected')
    expect(pairedBootstrap(first, second, 0)).toEqual({ difference: { value: 0, low: 0, high: 0 }, p: 1 })
  })

  test('keeps close to its level when two models are equally good', () => {
    let rejected = 0
    const trials = 60
    for (let trial = 0; trial < trials; trial++) {
      const [first, second] = resample([model(0.7), model(0.7)], { seed: trial, resamples: 200 })
      if (first && second && pairedBootstrap(first, second, 0).p < 0.05) rejected++
    }
    // Binomial(60, 0.05) reaches 10 once in two thousand.
    expect(rejected).toBeLessThan(10)
  })
})

describe('the swap test of macro-F1', () => {
  const oneHot = (classOf: readonly number[], classes: number): Uint8Array =>
    Uint8Array.from({ length: classOf.length * classes }, (_, i) => (classOf[Math.floor(i / classes)] === i % classes ? 1 : 0))
  const inputOf = ({
    labels,
    first,
    second,
    classes
  }: {
    labels: number[]
    first: number[]
    second: number[]
    classes: number
  }) => ({
    labels: oneHot(labels, classes),
    first: oneHot(first, classes),
    second: oneHot(second, classes),
    classes,
    skipAbsent: true
  })

  test.each(fixture.swaps.filter(({ exact }) => exact))(
    "equals scipy's permutation test with scikit-learn's F1 (p = $p)",
    (swap) => {
      expect(swapTest(inputOf(swap), { seed: 1 })).toBeCloseTo(swap.p, 12)
    }
  )

  test.each(fixture.swaps.filter(({ exact }) => !exact))(
    'comes close to it where there are too many swaps to try all',
    (swap) => {
      // Both sides are drawn, the reference 20,000 times.
      const spread = Math.sqrt(swap.p * (1 - swap.p) * (1 / 9999 + 1 / 20_000))
      expect(Math.abs(swapTest(inputOf(swap), { seed: 1 }) - swap.p)).toBeLessThan(5 * spread)
    }
  )

  const random = new Random(8, 'test')
  const labels = Array.from({ length: 300 }, () => random.below(3))
  const answers = (skill: number): number[] => labels.map((label) => (random.uniform() < skill ? label : random.below(3)))

  test('has a p-value as small as 1 in 10,000 for a clear difference, and 1 for none', () => {
    const [good, poor] = [answers(0.9), answers(0.1)]
    expect(swapTest(inputOf({ labels, first: good, second: poor, classes: 3 }), { seed: 1 })).toBe(1e-4)
    expect(swapTest(inputOf({ labels, first: good, second: good, classes: 3 }), { seed: 1 })).toBe(1)
  })

  test('keeps its level when two models are equally good', () => {
    let rejected = 0
    for (let trial = 0; trial < 100; trial++) {
      const p = swapTest(inputOf({ labels, first: answers(0.5), second: answers(0.5), classes: 3 }), { seed: trial, flips: 199 })
      if (p <= 0.05) rejected++
    }
    // Binomial(100, 0.05) reaches 14 once in two thousand.
    expect(rejected).toBeLessThan(14)
  })

  test('swaps the answers of a group together', () => {
    const first = answers(0.6)
    const second = answers(0.4)
    // Every row twice, as one group: the units are those of the single rows, each counted twice.
    const twice = (values: readonly number[]): number[] => values.flatMap((value) => [value, value])
    const single = inputOf({ labels, first, second, classes: 3 })
    const doubled = inputOf({ labels: twice(labels), first: twice(first), second: twice(second), classes: 3 })
    const groups = Int32Array.from({ length: 600 }, (_, row) => row >> 1)
    expect(swapTest(doubled, { seed: 1, groups })).toBe(swapTest(single, { seed: 1 }))
    expect(swapTest(doubled, { seed: 1 })).toBeLessThan(swapTest(single, { seed: 1 }))
  })
})

describe("Holm's correction", () => {
  test('gives the values of a worked example', () => {
    // p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") in R
    const expected = [0.03, 0.06, 0.06, 0.02]
    holm([0.01, 0.04, 0.03, 0.005]).forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? 0, 12))
    expect(holm([])).toEqual([])
    expect(holm([0.2])).toEqual([0.2])
  })

  test('never lowers a p-value, passes one, or changes their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }), (p) => {
        const adjusted = holm(p)
        adjusted.forEach((value, i) => {
          expect(value).toBeGreaterThanOrEqual(p[i] ?? 2)
          expect(value).toBeLessThanOrEqual(1)
          adjusted.forEach((other, j) => expect((p[i] ?? 0) <= (p[j] ?? 0) ? value <= other : true).toBe(true))
        })
      })
    )
  })
})
