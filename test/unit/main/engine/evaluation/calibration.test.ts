import { describe, expect, test } from 'vitest'
import { binOf, binEvents, reliabilityBins } from '../../../../../src/main/engine/evaluation/bins.ts'
import {
  TEMPERATURE_RANGE,
  fitLabelTemperatures,
  fitTemperature,
  fitThresholds,
  sigmoidRows,
  softmaxRows
} from '../../../../../src/main/engine/evaluation/calibration.ts'
import fixture from '../../../../fixtures/metrics/calibration.json' with { type: 'json' }
import { largestGap } from './fixtures.ts'

describe('temperature scaling', () => {
  test.each(fixture.softmax)(
    'finds the temperature of highest likelihood ($temperature)',
    ({ logits, labels, temperature, probabilities }) => {
      const flat = Float64Array.from(logits.flat())
      expect(Math.abs(fitTemperature(flat, Int32Array.from(labels), 4) / temperature - 1)).toBeLessThan(1e-6)
      expect(fitTemperature(Float32Array.from(flat), Int32Array.from(labels), 4)).toBe(
        fitTemperature(flat, Int32Array.from(labels), 4)
      )
      expect(largestGap(softmaxRows(flat.subarray(0, 20), 4, 2.5), probabilities.flat())).toBeLessThan(1e-12)
    }
  )

  test('finds one temperature per label', () => {
    const { logits, labels, temperatures } = fixture.sigmoid
    const own = fitLabelTemperatures(Float64Array.from(logits.flat()), Uint8Array.from(labels.flat()), 3)
    own.forEach((each, l) => expect(Math.abs(each / (temperatures[l] ?? 0) - 1)).toBeLessThan(1e-6))
  })

  test('stays in its range when validation has no error, or only errors', () => {
    const logits = Float64Array.of(5, 0, 0, 5)
    expect(fitTemperature(logits, Int32Array.of(0, 1), 2)).toBeCloseTo(TEMPERATURE_RANGE.low, 12)
    expect(fitTemperature(logits, Int32Array.of(1, 0), 2)).toBeCloseTo(TEMPERATURE_RANGE.high, 12)
  })

  test('leaves a label alone that validation always or never carries', () => {
    expect(fitLabelTemperatures(Float64Array.of(1, 2, 3, -4), Uint8Array.of(1, 0, 1, 0), 2)).toEqual(Float64Array.of(1, 1))
  })

  test('keeps huge logits finite', () => {
    expect(softmaxRows(Float64Array.of(1e4, -1e4), 2)).toEqual(Float64Array.of(1, 0))
    expect(sigmoidRows(Float64Array.of(1e4, -1e4), [1])).toEqual(Float64Array.of(1, 0))
  })
})

describe('thresholds', () => {
  test('reach the highest F1 that any threshold has on validation', () => {
    const { logits, labels, best_f1 } = fixture.sigmoid
    const probabilities = sigmoidRows(Float64Array.from(logits.flat()), [1])
    const thresholds = fitThresholds(probabilities, Uint8Array.from(labels.flat()), 3)
    thresholds.forEach((threshold, l) => {
      let [hits, said, actual] = [0, 0, 0]
      labels.forEach((row, i) => {
        const isSaid = (probabilities[i * 3 + l] ?? 0) >= threshold
        said += Number(isSaid)
        actual += row[l] ?? 0
        hits += isSaid ? (row[l] ?? 0) : 0
      })
      expect((2 * hits) / (said + actual)).toBeCloseTo(best_f1[l] ?? 0, 12)
    })
  })

  test('lie between neighbours, nearest to one half among equals, and at one half without positives', () => {
    expect(fitThresholds(Float64Array.of(0.2, 0.4, 0.9), Uint8Array.of(0, 0, 1), 1)).toEqual(Float64Array.of(0.65))
    expect(fitThresholds(Float64Array.of(0.2, 0.4, 0.9), Uint8Array.of(0, 0, 0), 1)).toEqual(Float64Array.of(0.5))
    expect(fitThresholds(Float64Array.of(0.3, 0.3), Uint8Array.of(1, 0), 1)).toEqual(Float64Array.of(0.15))
  })
})

describe('reliability bins', () => {
  test('hold (low, high], with 0 in the first', () => {
    expect([0, 1 / 15, 0.0667, 0.5, 1].map((p) => binOf(p))).toEqual([0, 0, 1, 7, 14])
  })

  test('show mean probability and frequency, and null where empty', () => {
    const bins = reliabilityBins(binEvents(Float64Array.of(0.95, 0.97, 0.1), Uint8Array.of(1, 0, 0), 1))
    expect(bins).toHaveLength(15)
    expect(bins[14]).toMatchObject({ count: 2, accuracy: 0.5 })
    expect(bins[14]?.confidence).toBeCloseTo(0.96, 12)
    expect(bins[1]).toMatchObject({ count: 1, accuracy: 0 })
    expect(bins[5]).toMatchObject({ count: 0, accuracy: null, confidence: null })
  })
})
