import { assert } from '../../../base/assert.ts'
import type { Turns } from '../../../base/turns.ts'
import { sigmoidRows, softmaxRows } from '../calibration.ts'
import { labelPrior } from './constant.ts'
import type { Design } from './design.ts'
import { fitLogistic, linearLogits } from './logistic-regression.ts'
import type { LinearModel, LogisticOptions } from './logistic-regression.ts'

/** A fitted classifier; `model` is null where training left nothing to fit. */
export interface Classifier {
  readonly model: LinearModel | null
  /** Probabilities [rows, classes] of other rows. */
  readonly probabilities: (design: Design) => Float64Array
}

/** n / (classes that occur · count of the class): scikit-learn's `class_weight='balanced'`. [classes] */
export function balancedWeights(labels: Int32Array, classes: number): Float64Array {
  const counts = new Float64Array(classes)
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1
  const present = counts.filter((count) => count > 0).length
  return counts.map((count) => (count === 0 ? 0 : labels.length / (present * count)))
}

/** [rows] → [rows, 2] */
function bothOutcomes(p: Float64Array): Float64Array {
  return Float64Array.from({ length: 2 * p.length }, (_, i) => (i % 2 === 1 ? (p[i >> 1] ?? 0) : 1 - (p[i >> 1] ?? 0)))
}

/**
 * Fits a single-label classifier as scikit-learn's `LogisticRegression` does: one logistic output for two classes, softmax for more, over
 * the classes that occur in training. A class that never occurs gets probability 0. `classWeights` is [classes]; omitted means 1 each.
 */
export function* fitSingleLabel(
  design: Design,
  labels: Int32Array,
  classes: number,
  options: LogisticOptions & { readonly classWeights?: Float64Array | undefined }
): Turns<Classifier> {
  assert(labels.length === design.rows && labels.length > 0, 'there is one label per row')
  const present = [...new Set(labels)].sort((a, b) => a - b)
  const place = new Map(present.map((label, i) => [label, i]))
  const local = Int32Array.from(labels, (label) => place.get(label) ?? 0)
  const weights = Float64Array.from(labels, (label) => options.classWeights?.[label] ?? 1)
  const width = present.length
  const spread = (compact: Float64Array): Float64Array => {
    const full = new Float64Array((compact.length / width) * classes)
    for (let i = 0; i < compact.length; i++) full[Math.floor(i / width) * classes + (present[i % width] ?? 0)] = compact[i] ?? 0
    return full
  }
  if (width === 1) return { model: null, probabilities: ({ rows }) => spread(new Float64Array(rows).fill(1)) }
  if (width === 2) {
    const model = yield* fitLogistic(design, { kind: 'sigmoid', targets: Uint8Array.from(local), outputs: 1, weights }, options)
    return { model, probabilities: (rows) => spread(bothOutcomes(sigmoidRows(linearLogits(model, rows), [1]))) }
  }
  const model = yield* fitLogistic(design, { kind: 'softmax', labels: local, outputs: width, weights }, options)
  return { model, probabilities: (rows) => spread(softmaxRows(linearLogits(model, rows), width)) }
}

/**
 * Fits one logistic regression per label at once (one-versus-rest). `labels` is [rows, width]; `positiveWeights` [width] multiplies the
 * loss of the rows that carry the label. A label that every training row, or none, carries is predicted as just that.
 */
export function* fitMultiLabel(
  design: Design,
  labels: Uint8Array,
  width: number,
  options: LogisticOptions & { readonly positiveWeights?: Float64Array | undefined }
): Turns<Classifier> {
  assert(labels.length === design.rows * width && labels.length > 0, `labels are [${design.rows}, ${width}]`)
  const carried = labelPrior(labels, width).map((share, label) => {
    const isConstant = labels.every((value, i) => i % width !== label || value === labels[label])
    return isConstant ? Math.round(share) : NaN
  })
  // A constant label has no optimum (its intercept would run away), so it takes no part in the fit.
  const weights = Float64Array.from(labels, (value, i) => {
    if (!Number.isNaN(carried[i % width])) return 0
    return value === 1 ? (options.positiveWeights?.[i % width] ?? 1) : 1
  })
  const constant = (p: number, i: number): number => {
    const known = carried[i % width] ?? NaN
    return Number.isNaN(known) ? p : known
  }
  if (carried.every((each) => !Number.isNaN(each))) {
    return { model: null, probabilities: ({ rows }) => new Float64Array(rows * width).map(constant) }
  }
  const model = yield* fitLogistic(design, { kind: 'sigmoid', targets: labels, outputs: width, weights }, options)
  return { model, probabilities: (rows) => sigmoidRows(linearLogits(model, rows), [1]).map(constant) }
}
