import { assert } from '../../base/assert.ts'
import { AVERAGE_KEYS, clearCounts, meanOfDefined, writeAverages } from './averages.ts'
import type { Counts } from './averages.ts'
import { binEvents, calibrationError } from './bins.ts'
import type { BinnedEvents } from './bins.ts'
import { keyed, measureOnce } from './intervals.ts'
import type { Measure } from './intervals.ts'
import { indexOfClass, perClass } from './per-class.ts'
import type { PerClassKey } from './per-class.ts'
import { rank } from './ranking.ts'

/** True classes and predicted probabilities of the same rows, for single-label classification. */
export interface ClassificationData {
  /** [rows] class numbers. */
  readonly labels: Int32Array
  /** [rows, classes] row-major, each row summing to one. */
  readonly probabilities: Float64Array
  readonly classNames: readonly string[]
  /** [rows] the class that was said, where that is not the most probable one. Calibration (ECE) is of the most probable one all the same. */
  readonly predicted?: Int32Array
}

/** The class that was said of each row. */
export const saidClasses = ({ predicted, probabilities, classNames }: Omit<ClassificationData, 'labels'>): Int32Array =>
  predicted ?? predictedClasses(probabilities, classNames.length)

/** Every single number of a single-label classifier, in the order in which its measure writes them. */
export const CLASSIFICATION_KEYS = [
  'accuracy',
  'balanced_accuracy',
  ...AVERAGE_KEYS,
  'mcc',
  'auroc',
  'auprc',
  'log_loss',
  'brier',
  'ece'
] as const
export type ClassificationKey = (typeof CLASSIFICATION_KEYS)[number]

const AVERAGES_AT = 2
const MCC_AT = AVERAGES_AT + AVERAGE_KEYS.length
const PER_CLASS_AT = CLASSIFICATION_KEYS.length

/** Where the measure writes `key` of class `c`. */
export function perClassIndex(c: number, key: PerClassKey): number {
  return indexOfClass(PER_CLASS_AT, c, key)
}

/** The most probable class of each row; the first one where several are equal. */
export function predictedClasses(probabilities: Float64Array, classes: number): Int32Array {
  const predicted = new Int32Array(probabilities.length / classes)
  for (let row = 0; row < predicted.length; row++) {
    let best = 0
    for (let c = 1; c < classes; c++) {
      if ((probabilities[row * classes + c] ?? 0) > (probabilities[row * classes + best] ?? 0)) best = c
    }
    predicted[row] = best
  }
  return predicted
}

/** Column `c` of a row-major [rows, width] matrix. */
export function columnOf(matrix: Float64Array, width: number, c: number): Float64Array {
  return Float64Array.from({ length: matrix.length / width }, (_, row) => matrix[row * width + c] ?? 0)
}

/** −ln p with p kept in [ε, 1 − ε], ε = 2⁻⁵², as scikit-learn's `log_loss`. */
export function surprise(probability: number): number {
  return -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability)))
}

/** The confidence of each row's predicted class, and whether it was right. */
export function topEvents({ labels, probabilities, classNames }: ClassificationData): BinnedEvents {
  const classes = classNames.length
  const predicted = predictedClasses(probabilities, classes)
  const confidence = Float64Array.from(predicted, (c, row) => probabilities[row * classes + c] ?? 0)
  const isRight = Uint8Array.from(predicted, (c, row) => (c === labels[row] ? 1 : 0))
  return binEvents(confidence, isRight, 1)
}

function check({ labels, probabilities, classNames, predicted }: ClassificationData): void {
  const classes = classNames.length
  assert(classes >= 2, 'a classifier has at least two classes')
  assert(probabilities.length === labels.length * classes, `probabilities are [${labels.length}, ${classes}]`)
  assert(
    labels.every((label) => label >= 0 && label < classes),
    'every label is a class number'
  )
  assert(predicted === undefined || predicted.length === labels.length, 'one class was said of each row')
  assert(
    probabilities.every((each) => Number.isFinite(each)),
    'every probability is a finite number'
  )
}

/** Log loss and Brier score of each row. Two classes: (p₁ − y)²; more: Σ over classes of (p − y)², as scikit-learn's `brier_score_loss`. */
function rowLosses({ labels, probabilities, classNames }: ClassificationData): { log: Float64Array; brier: Float64Array } {
  const classes = classNames.length
  const log = Float64Array.from(labels, (label, row) => surprise(probabilities[row * classes + label] ?? 0))
  const brier = Float64Array.from(labels, (label, row) => {
    let sum = 0
    for (let c = 0; c < classes; c++) sum += ((probabilities[row * classes + c] ?? 0) - (c === label ? 1 : 0)) ** 2
    return classes === 2 ? sum / 2 : sum
  })
  return { log, brier }
}

function fillCounts(
  labels: Int32Array,
  predicted: Int32Array,
  weights: Int32Array,
  { hit, predicted: said, actual }: Counts
): number {
  let total = 0
  for (let row = 0; row < labels.length; row++) {
    const weight = weights[row] ?? 0
    const label = labels[row] ?? 0
    const guess = predicted[row] ?? 0
    total += weight
    actual[label] = (actual[label] ?? 0) + weight
    said[guess] = (said[guess] ?? 0) + weight
    if (label === guess) hit[label] = (hit[label] ?? 0) + weight
  }
  return total
}

/** Writes accuracy, balanced accuracy (mean recall of the classes that occur), the averages and Matthews' correlation (Gorodkin's R_K). */
function writeFromCounts(counts: Counts, total: number, out: Float64Array): void {
  let hits = 0
  let cross = 0
  let actualSquares = 0
  let predictedSquares = 0
  let recallSum = 0
  let present = 0
  for (let c = 0; c < counts.hit.length; c++) {
    const hit = counts.hit[c] ?? 0
    const predicted = counts.predicted[c] ?? 0
    const actual = counts.actual[c] ?? 0
    hits += hit
    cross += predicted * actual
    actualSquares += actual * actual
    predictedSquares += predicted * predicted
    if (actual > 0) {
      recallSum += hit / actual
      present++
    }
  }
  out[0] = hits / total
  out[1] = recallSum / present
  writeAverages(counts, true, out, AVERAGES_AT)
  const spread = (total * total - predictedSquares) * (total * total - actualSquares)
  out[MCC_AT] = spread === 0 ? 0 : (hits * total - cross) / Math.sqrt(spread)
}

/**
 * Prepares everything that resamples share. The measure writes `CLASSIFICATION_KEYS`, then `PER_CLASS_KEYS` of each class.
 *
 * AUROC and AUPRC: with two classes those of the second class (the positive one); with more the mean over one-versus-rest, of the classes
 * that the rows define. Average precision stands for AUPRC. ECE: 15 equal-width bins of the predicted class's probability (`bins.ts`).
 */
export function classificationMeasure(data: ClassificationData): Measure {
  check(data)
  const { labels, probabilities, classNames } = data
  const classes = classNames.length
  const predicted = saidClasses(data)
  const rankings = classNames.map((_, c) => rank(columnOf(probabilities, classes, c), (row) => labels[row] === c))
  const losses = rowLosses(data)
  const ece = calibrationError(topEvents(data))
  const { counts, size, aurocs, auprcs, write } = perClass(rankings, PER_CLASS_AT)
  const measure = (weights: Int32Array, out: Float64Array): void => {
    clearCounts(counts)
    const total = fillCounts(labels, predicted, weights, counts)
    writeFromCounts(counts, total, out)
    write(weights, total, out)
    out[MCC_AT + 1] = classes === 2 ? (aurocs[1] ?? NaN) : meanOfDefined(aurocs)
    out[MCC_AT + 2] = classes === 2 ? (auprcs[1] ?? NaN) : meanOfDefined(auprcs)
    out[MCC_AT + 3] = weightedMean(losses.log, weights, total)
    out[MCC_AT + 4] = weightedMean(losses.brier, weights, total)
    out[MCC_AT + 5] = ece(weights)
  }
  return { rows: labels.length, size: PER_CLASS_AT + size, measure }
}

/** Σ weight·value / total */
export function weightedMean(values: Float64Array, weights: Int32Array, total: number): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (weights[i] ?? 0) * (values[i] ?? 0)
  return sum / total
}

/** The numbers alone, without intervals, for validation during training. NaN where the rows do not define one. */
export function classificationMetrics(data: ClassificationData): Record<ClassificationKey, number> {
  const values = measureOnce(classificationMeasure(data))
  return keyed(CLASSIFICATION_KEYS, (index) => values[index] ?? NaN)
}

/** [classes][classes]: rows of true class i that were predicted as class j. */
export function confusionMatrix(labels: Int32Array, predicted: Int32Array, classes: number): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (let row = 0; row < labels.length; row++) {
    const line = matrix[labels[row] ?? 0]
    const guess = predicted[row] ?? 0
    if (line) line[guess] = (line[guess] ?? 0) + 1
  }
  return matrix
}
