import { assert } from '../../base/assert.ts'
import { AVERAGE_KEYS, clearCounts, f1, meanOfDefined, writeAverages } from './averages.ts'
import type { Counts } from './averages.ts'
import { binEvents, calibrationError } from './bins.ts'
import { columnOf, surprise, weightedMean } from './classification.ts'
import { keyed, measureOnce } from './intervals.ts'
import type { Measure } from './intervals.ts'
import { indexOfClass, perClass } from './per-class.ts'
import type { PerClassKey } from './per-class.ts'
import { rank } from './ranking.ts'

/** True labels and predicted probabilities of the same rows, where a row may have several labels or none. */
export interface MultiLabelData {
  /** [rows, labels] row-major, 0 or 1. */
  readonly labels: Uint8Array
  /** [rows, labels] row-major. */
  readonly probabilities: Float64Array
  readonly labelNames: readonly string[]
  /** [labels]: a label is predicted where its probability is at least this. */
  readonly thresholds: Float64Array
}

/** Every single number of a multi-label classifier, in the order in which its measure writes them. */
export const MULTI_LABEL_KEYS = [
  'subset_accuracy',
  'hamming_loss',
  ...AVERAGE_KEYS,
  'samples_f1',
  'auroc',
  'auprc',
  'log_loss',
  'brier',
  'ece'
] as const
export type MultiLabelKey = (typeof MULTI_LABEL_KEYS)[number]

const AVERAGES_AT = 2
const SAMPLES_AT = AVERAGES_AT + AVERAGE_KEYS.length
const PER_LABEL_AT = MULTI_LABEL_KEYS.length

/** Where the measure writes `key` of label `l`. */
export function perLabelIndex(l: number, key: PerClassKey): number {
  return indexOfClass(PER_LABEL_AT, l, key)
}

/** [rows, labels]: 1 where the probability reaches the label's threshold. */
export function predictedLabels(probabilities: Float64Array, thresholds: Float64Array): Uint8Array {
  return Uint8Array.from(probabilities, (each, i) => (each >= (thresholds[i % thresholds.length] ?? 1) ? 1 : 0))
}

function check({ labels, probabilities, labelNames, thresholds }: MultiLabelData): void {
  const width = labelNames.length
  assert(width >= 1 && labels.length % width === 0, `labels are [rows, ${width}]`)
  assert(probabilities.length === labels.length, 'there is one probability per label of each row')
  assert(thresholds.length === width, 'there is one threshold per label')
  assert(
    probabilities.every((each) => Number.isFinite(each)),
    'every probability is a finite number'
  )
}

/** Means over each row's labels: wrong ones, all right, F1 of the row, log loss and Brier score. */
interface RowNumbers {
  readonly wrong: Float64Array
  readonly allRight: Float64Array
  readonly f1: Float64Array
  readonly log: Float64Array
  readonly brier: Float64Array
}

function rowNumbers({ labels, probabilities, labelNames }: MultiLabelData, predicted: Uint8Array): RowNumbers {
  const width = labelNames.length
  const rows = labels.length / width
  const zeros = (): Float64Array => new Float64Array(rows)
  const result = { wrong: zeros(), allRight: zeros(), f1: zeros(), log: zeros(), brier: zeros() }
  for (let row = 0; row < rows; row++) {
    let hit = 0
    let said = 0
    let actual = 0
    let log = 0
    let brier = 0
    for (let i = row * width; i < (row + 1) * width; i++) {
      const truth = labels[i] ?? 0
      const p = probabilities[i] ?? 0
      hit += truth & (predicted[i] ?? 0)
      said += predicted[i] ?? 0
      actual += truth
      log += surprise(truth === 1 ? p : 1 - p)
      brier += (p - truth) ** 2
    }
    const wrong = said + actual - 2 * hit
    result.wrong[row] = wrong / width
    result.allRight[row] = wrong === 0 ? 1 : 0
    result.f1[row] = f1(hit, said, actual)
    result.log[row] = log / width
    result.brier[row] = brier / width
  }
  return result
}

function fillCounts(labels: Uint8Array, predicted: Uint8Array, weights: Int32Array, counts: Counts): number {
  const { hit, predicted: said, actual } = counts
  const width = hit.length
  let total = 0
  for (let i = 0, row = 0; i < labels.length; row++) {
    const weight = weights[row] ?? 0
    total += weight
    for (let l = 0; l < width; l++, i++) {
      const truth = labels[i] ?? 0
      const guess = predicted[i] ?? 0
      actual[l] = (actual[l] ?? 0) + weight * truth
      said[l] = (said[l] ?? 0) + weight * guess
      hit[l] = (hit[l] ?? 0) + weight * (truth & guess)
    }
  }
  return total
}

/**
 * Prepares everything that resamples share. The measure writes `MULTI_LABEL_KEYS`, then `PER_CLASS_KEYS` of each label.
 *
 * AUROC and AUPRC are means over the labels that the rows define; log loss and Brier score are means over rows and labels; ECE bins every
 * label's probability against how often the label applies (`bins.ts`).
 */
export function multiLabelMeasure(data: MultiLabelData): Measure {
  check(data)
  const { labels, probabilities, labelNames, thresholds } = data
  const width = labelNames.length
  const predicted = predictedLabels(probabilities, thresholds)
  const numbers = rowNumbers(data, predicted)
  const rankings = labelNames.map((_, l) => rank(columnOf(probabilities, width, l), (row) => labels[row * width + l] === 1))
  const ece = calibrationError(binEvents(probabilities, labels, width))
  const { counts, size, aurocs, auprcs, write } = perClass(rankings, PER_LABEL_AT)
  const measure = (weights: Int32Array, out: Float64Array): void => {
    clearCounts(counts)
    const total = fillCounts(labels, predicted, weights, counts)
    out[0] = weightedMean(numbers.allRight, weights, total)
    out[1] = weightedMean(numbers.wrong, weights, total)
    writeAverages(counts, false, out, AVERAGES_AT)
    out[SAMPLES_AT] = weightedMean(numbers.f1, weights, total)
    write(weights, total, out)
    out[SAMPLES_AT + 1] = meanOfDefined(aurocs)
    out[SAMPLES_AT + 2] = meanOfDefined(auprcs)
    out[SAMPLES_AT + 3] = weightedMean(numbers.log, weights, total)
    out[SAMPLES_AT + 4] = weightedMean(numbers.brier, weights, total)
    out[SAMPLES_AT + 5] = ece(weights)
  }
  return { rows: labels.length / width, size: PER_LABEL_AT + size, measure }
}

/** The numbers alone, without intervals, for validation during training. NaN where the rows do not define one. */
export function multiLabelMetrics(data: MultiLabelData): Record<MultiLabelKey, number> {
  const values = measureOnce(multiLabelMeasure(data))
  return keyed(MULTI_LABEL_KEYS, (index) => values[index] ?? NaN)
}
