import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Random } from '../../../../../src/main/base/random.ts'
import { PER_CLASS_KEYS } from '../../../../../src/main/engine/evaluation/averages.ts'
import {
  CLASSIFICATION_KEYS,
  classificationMeasure,
  classificationMetrics,
  confusionMatrix,
  perClassIndex,
  predictedClasses
} from '../../../../../src/main/engine/evaluation/classification.ts'
import type { ClassificationData } from '../../../../../src/main/engine/evaluation/classification.ts'
import { measureOnce } from '../../../../../src/main/engine/evaluation/intervals.ts'
import cases from '../../../../fixtures/metrics/classification.json' with { type: 'json' }
import { expectNumbers } from './fixtures.ts'

function dataOf(labels: readonly number[], probabilities: readonly (readonly number[])[]): ClassificationData {
  const classNames = (probabilities[0] ?? []).map((_, c) => `class ${c}`)
  return { labels: Int32Array.from(labels), probabilities: Float64Array.from(probabilities.flat()), classNames }
}

describe('single-label metrics equal scikit-learn', () => {
  test.each(cases.map((each) => [each.name, each] as const))(
    '%s',
    (_, { labels, probabilities, expected, per_class, confusion }) => {
      const data = dataOf(labels, probabilities)
      expect(Object.keys(expected).sort()).toEqual([...CLASSIFICATION_KEYS].sort())
      expectNumbers(classificationMetrics(data), expected)
      const values = measureOnce(classificationMeasure(data))
      per_class.forEach(({ support, ...numbers }, c) => {
        const own = Object.fromEntries(PER_CLASS_KEYS.map((key) => [key, values[perClassIndex(c, key)] ?? Infinity]))
        expectNumbers(own, numbers)
        expect(confusion[c]?.reduce((a, b) => a + b)).toBe(support)
      })
      expect(
        confusionMatrix(data.labels, predictedClasses(data.probabilities, data.classNames.length), data.classNames.length)
      ).toEqual(confusion)
    }
  )
})

/** Random rows, with many ties among the scores. */
const anyData = fc
  .tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 40 }), fc.nat())
  .map(([classes, rows, seed]) => {
    const random = new Random(seed, 'test')
    const probabilities = Array.from({ length: rows }, () => {
      const parts = Array.from({ length: classes }, () => 1 + random.below(4))
      const sum = parts.reduce((a, b) => a + b)
      return parts.map((part) => part / sum)
    })
    return dataOf(
      Array.from({ length: rows }, () => random.below(classes)),
      probabilities
    )
  })

function inOrder({ labels, probabilities, classNames }: ClassificationData, order: readonly number[]): ClassificationData {
  const width = classNames.length
  return {
    labels: Int32Array.from(order, (row) => labels[row] ?? 0),
    probabilities: Float64Array.from(order.flatMap((row) => [...probabilities.subarray(row * width, (row + 1) * width)])),
    classNames
  }
}

describe('single-label metrics', () => {
  test('do not depend on the order of the rows', () => {
    fc.assert(
      fc.property(anyData, fc.nat(), (data, seed) => {
        const order = new Random(seed, 'order').shuffle(Array.from(data.labels, (_, row) => row))
        const shuffled = classificationMetrics(inOrder(data, order))
        expectNumbers(shuffled, JSON.parse(JSON.stringify(classificationMetrics(data))), 1e-12)
      })
    )
  })

  test('count a row with weight w as w copies of the row', () => {
    fc.assert(
      fc.property(anyData, fc.nat(), (data, seed) => {
        const random = new Random(seed, 'weights')
        const weights = Int32Array.from(data.labels, (_, row) => (row === 0 ? 1 : random.below(4)))
        const copies = [...weights].flatMap((weight, row) => new Array<number>(weight).fill(row))
        const measure = classificationMeasure(data)
        const weighted = new Float64Array(measure.size)
        measure.measure(weights, weighted)
        const copied = measureOnce(classificationMeasure(inOrder(data, copies)))
        expectNumbers(
          Object.fromEntries(weighted.entries()),
          JSON.parse(JSON.stringify(Object.fromEntries(copied.entries()))),
          1e-12
        )
      })
    )
  })

  test('stay within their bounds', () => {
    fc.assert(
      fc.property(anyData, (data) => {
        const { mcc, log_loss, brier, ...shares } = classificationMetrics(data)
        for (const value of Object.values(shares)) expect(Number.isNaN(value) || (value >= 0 && value <= 1 + 1e-12)).toBe(true)
        expect(Math.abs(mcc)).toBeLessThanOrEqual(1 + 1e-12)
        expect(log_loss).toBeGreaterThanOrEqual(0)
        expect(brier).toBeGreaterThanOrEqual(0)
        expect(brier).toBeLessThanOrEqual(2)
      })
    )
  })

  test('refuses probabilities that are not numbers', () => {
    expect(() => classificationMetrics(dataOf([0], [[NaN, 1]]))).toThrow('every probability is a finite number')
  })
})
