import { assert } from '../../../base/assert.ts'

/** Share of each class among the training labels: what a model that never reads the text knows. [classes] */
export function classPrior(labels: Int32Array, classes: number): Float64Array {
  assert(labels.length > 0, 'there are training rows')
  const prior = new Float64Array(classes)
  for (const label of labels) prior[label] = (prior[label] ?? 0) + 1 / labels.length
  return prior
}

/** Share of the training rows that carry each label. `labels` is [rows, width]; the result [width]. */
export function labelPrior(labels: Uint8Array, width: number): Float64Array {
  assert(labels.length > 0, 'there are training rows')
  const prior = new Float64Array(width)
  for (let i = 0; i < labels.length; i++) prior[i % width] = (prior[i % width] ?? 0) + ((labels[i] ?? 0) * width) / labels.length
  return prior
}

/** The same row of probabilities for every one of `rows` rows: the majority-class baseline. */
export function repeatRow(row: Float64Array, rows: number): Float64Array {
  return Float64Array.from({ length: rows * row.length }, (_, i) => row[i % row.length] ?? 0)
}

export function mean(values: Float64Array): number {
  assert(values.length > 0, 'there are training rows')
  return values.reduce((sum, each) => sum + each, 0) / values.length
}

export function median(values: Float64Array): number {
  assert(values.length > 0, 'there are training rows')
  const sorted = values.toSorted()
  const upper = sorted[values.length >> 1] ?? 0
  return values.length % 2 === 1 ? upper : ((sorted[(values.length >> 1) - 1] ?? 0) + upper) / 2
}
