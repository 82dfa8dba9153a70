import { describe, expect, test } from 'vitest'
import { Random } from '../../../../../src/main/base/random.ts'
import { classPrior, repeatRow } from '../../../../../src/main/engine/evaluation/baselines/constant.ts'
import { classificationMetrics } from '../../../../../src/main/engine/evaluation/classification.ts'
import { evaluate } from '../../../../../src/main/engine/evaluation/report-data.ts'
import type { EvaluationInput } from '../../../../../src/main/engine/evaluation/results.ts'

const classNames = ['urgent', 'soon', 'routine']

/** Probabilities that favour the right class by `skill`. */
function answers(labels: Int32Array, skill: number, seed: number): Float64Array {
  const random = new Random(seed, 'answers')
  const probabilities = new Float64Array(labels.length * 3)
  labels.forEach((label, row) => {
    const parts = classNames.map((_, c) => Math.exp(random.normal() + (c === label ? skill : 0)))
    const sum = parts.reduce((a, b) => a + b)
    probabilities.set(
      parts.map((part) => part / sum),
      3 * row
    )
  })
  return probabilities
}

const random = new Random(2, 'labels')
const labels = Int32Array.from({ length: 150 }, () => random.below(3))
const input: EvaluationInput = { kind: 'single-label', labels, probabilities: answers(labels, 2.5, 1), classNames }
const rowIds = Array.from(labels, (_, row) => 1000 + row)
const majority = { id: 'majority', title: 'Majority class', predictions: repeatRow(classPrior(labels, 3), labels.length) }
const twin = { id: 'twin', title: 'The model itself', predictions: input.probabilities }
const better = { id: 'better', title: 'A better one', predictions: answers(labels, 8, 2) }

describe('the evaluation of a single-label model', () => {
  const result = evaluate(input, { seed: 1, rowIds, baselines: [majority, twin, better], worst: 5 })
  if (result.kind !== 'single-label') throw new Error('a single-label result expected')

  test('holds every metric with an interval around it', () => {
    const plain: Record<string, number> = classificationMetrics({ labels, probabilities: input.probabilities, classNames })
    for (const [key, estimate] of Object.entries(result.metrics)) {
      expect(estimate?.value, key).toBeCloseTo(plain[key] ?? NaN, 12)
      expect(estimate?.low, key).toBeLessThan(estimate?.high ?? 0)
    }
    for (const key of ['accuracy', 'macro_f1', 'auroc'] as const) {
      const estimate = result.metrics[key]
      expect(estimate?.low).toBeLessThan(estimate?.value ?? 0)
      expect(estimate?.high).toBeGreaterThan(estimate?.value ?? 1)
    }
    expect(result.intervals).toEqual({ level: 0.95, resamples: 1000, seed: 1, unit: 'rows' })
  })

  test('counts every row in confusion, table, histogram and reliability', () => {
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
    expect(sum(result.confusion.flat())).toBe(150)
    expect(sum(result.perClass.map(({ support }) => support))).toBe(150)
    expect(sum(result.perClass.map(({ predicted }) => predicted))).toBe(150)
    expect(sum(result.confidence.map(({ right, wrong }) => right + wrong))).toBe(150)
    expect(sum(result.confidence.map(({ right }) => right)) / 150).toBeCloseTo(result.metrics.accuracy?.value ?? 0, 12)
    expect(sum(result.reliability.map(({ count }) => count))).toBe(150)
    const gap = sum(
      result.reliability.map(({ count, confidence, accuracy }) => (count / 150) * Math.abs((confidence ?? 0) - (accuracy ?? 0)))
    )
    expect(gap).toBeCloseTo(result.metrics.ece?.value ?? 0, 12)
  })

  test('lists the most confident errors by the row numbers given', () => {
    expect(result.worstErrors).toHaveLength(5)
    const confidences = result.worstErrors.map(({ confidence }) => confidence)
    expect(confidences).toEqual(confidences.toSorted((a, b) => b - a))
    for (const { row, label, predicted, confidence, probabilityOfLabel } of result.worstErrors) {
      expect(label).toBe(labels[row - 1000])
      expect(predicted).not.toBe(label)
      expect(confidence).toBeGreaterThan(probabilityOfLabel)
    }
  })

  test('says which baselines it beats, loses to, and cannot be told from', () => {
    expect(result.baselines.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['majority', 'better'],
      ['twin', 'not shown'],
      ['better', 'worse']
    ])
    const [first, second] = result.baselines
    expect(first?.metrics.auroc?.value).toBe(0.5)
    expect(first?.differences.macro_f1?.low).toBeGreaterThan(0)
    expect(second?.differences.macro_f1).toEqual({ value: 0, low: 0, high: 0 })
    expect(first?.tests.map(({ metric, method }) => [metric, method])).toEqual([
      ['macro_f1', 'randomisation'],
      ['accuracy', 'mcnemar-exact']
    ])
    for (const { p, adjustedP } of result.baselines.flatMap(({ tests }) => tests)) expect(adjustedP).toBeGreaterThanOrEqual(p)
  })

  test('is plain JSON and repeats for one seed', () => {
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
    expect(evaluate(input, { seed: 1, rowIds, baselines: [majority, twin, better], worst: 5 })).toEqual(result)
  })

  test('treats groups as units in intervals and tests', () => {
    const groups = Int32Array.from(labels, (_, row) => Math.floor(row / 10))
    const grouped = evaluate(input, { seed: 1, groups, baselines: [majority] })
    expect(grouped.intervals.unit).toBe('groups')
    expect(grouped.baselines[0]?.tests.map(({ method }) => method)).toEqual(['randomisation', 'sign-flip'])
  })

  test('does not claim certainty when every row is right', () => {
    const perfect = evaluate({ ...input, probabilities: answers(labels, 60, 1) }, { seed: 1 })
    if (perfect.kind !== 'single-label') throw new Error('a single-label result expected')
    expect(perfect.metrics.accuracy).toMatchObject({ value: 1, high: 1 })
    expect(perfect.metrics.accuracy?.low).toBeLessThan(0.98)
    expect(perfect.perClass[0]?.recall?.low).toBeLessThan(0.95)
    expect(perfect.worstErrors).toEqual([])
  })
})

describe('the evaluation of a multi-label model', () => {
  const truths = Uint8Array.from({ length: 300 }, () => random.below(2))
  const probabilities = Float64Array.from(truths, (truth) => 1 / (1 + Math.exp(-(random.normal() + (truth === 1 ? 1.2 : -1.2)))))
  const labelNames = ['fee', 'term', 'notice']
  const many: EvaluationInput = {
    kind: 'multi-label',
    labels: truths,
    probabilities,
    labelNames,
    thresholds: Float64Array.of(0.4, 0.5, 0.6)
  }
  const constant = { id: 'prior', title: 'Label shares', predictions: new Float64Array(300).fill(0.45) }
  const result = evaluate(many, { seed: 1, baselines: [constant] })
  if (result.kind !== 'multi-label') throw new Error('a multi-label result expected')

  test('has a table by label, worst decisions and a comparison', () => {
    expect(result.perLabel.map(({ name, threshold }) => [name, threshold])).toEqual([
      ['fee', 0.4],
      ['term', 0.5],
      ['notice', 0.6]
    ])
    for (const { row, label, isCarried, probability } of result.worstErrors) {
      expect(truths[row * 3 + label]).toBe(isCarried ? 1 : 0)
      expect(probability >= (result.perLabel[label]?.threshold ?? 0)).toBe(!isCarried)
    }
    expect(result.metrics.subset_accuracy?.low).toBeLessThan(result.metrics.subset_accuracy?.value ?? 0)
    expect(result.baselines[0]?.verdict).toBe('better')
    expect(result.baselines[0]?.tests.map(({ metric }) => metric)).toEqual(['macro_f1', 'subset_accuracy'])
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
  })
})

describe('the evaluation of a regression', () => {
  const targets = Float64Array.from({ length: 80 }, () => 5 + random.normal())
  const predictions = targets.map((target) => target + 0.3 * random.normal())
  const baselines = [{ id: 'mean', title: 'The mean', predictions: new Float64Array(80).fill(5) }]
  const result = evaluate({ kind: 'regression', targets, predictions }, { seed: 1, baselines })
  if (result.kind !== 'regression') throw new Error('a regression result expected')

  test('counts a lower error as better and lists the largest errors', () => {
    expect(result.baselines[0]).toMatchObject({ verdict: 'better', metrics: { pearson: null, spearman: null } })
    expect(result.baselines[0]?.differences.mae?.high).toBeLessThan(0)
    expect(result.baselines[0]?.tests).toMatchObject([{ metric: 'mae', method: 'sign-flip' }])
    const errors = result.worstErrors.map(({ target, prediction }) => Math.abs(target - prediction))
    expect(errors[0]).toBe(Math.max(...targets.map((target, row) => Math.abs(target - (predictions[row] ?? 0)))))
    expect(errors).toEqual(errors.toSorted((a, b) => b - a))
  })

  test('refuses a primary metric that the task lacks', () => {
    expect(() => evaluate({ kind: 'regression', targets, predictions }, { seed: 1, primary: 'macro_f1' })).toThrow(
      'the primary metric'
    )
  })
})
