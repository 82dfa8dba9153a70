import { assert } from '../../base/assert.ts'

/** Temperatures are kept in this range: a validation set without errors would otherwise ask for boundless confidence. */
export const TEMPERATURE_RANGE = { low: 0.1, high: 10 } as const

/** A matrix of logits as the runtime returns it, row-major. */
export type Logits = Float32Array | Float64Array

/** Probabilities [rows, classes] of `logits` / temperature, by softmax. */
export function softmaxRows(logits: Logits, classes: number, temperature = 1): Float64Array {
  const probabilities = new Float64Array(logits.length)
  for (let at = 0; at < logits.length; at += classes) {
    let highest = -Infinity
    for (let c = at; c < at + classes; c++) highest = Math.max(highest, logits[c] ?? 0)
    let sum = 0
    for (let c = at; c < at + classes; c++) sum += probabilities[c] = Math.exp(((logits[c] ?? 0) - highest) / temperature)
    for (let c = at; c < at + classes; c++) probabilities[c] = (probabilities[c] ?? 0) / sum
  }
  return probabilities
}

/** Probabilities [rows, labels] of `logits` / the label's temperature, by the logistic function. */
export function sigmoidRows(logits: Logits, temperatures: ArrayLike<number>): Float64Array {
  return Float64Array.from(logits, (logit, i) => 1 / (1 + Math.exp(-logit / (temperatures[i % temperatures.length] ?? 1))))
}

/** First and second derivative of the summed negative log-likelihood with respect to β = 1 / temperature. */
type Slope = (beta: number) => { first: number; second: number }

/**
 * The β in `TEMPERATURE_RANGE` where the slope vanishes. The likelihood is convex in β, so the slope only rises: Newton's step is taken
 * where it stays inside the bracket, else the bracket is halved.
 */
function solveBeta(slope: Slope): number {
  let low = 1 / TEMPERATURE_RANGE.high
  let high = 1 / TEMPERATURE_RANGE.low
  if (slope(low).first >= 0) return low
  if (slope(high).first <= 0) return high
  let beta = 1
  for (let i = 0; i < 200 && high - low > 1e-13 * high; i++) {
    const { first, second } = slope(beta)
    if (first > 0) high = beta
    else low = beta
    const newton = beta - first / second
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - beta) <= 1e-14 * beta) return next
    beta = next
  }
  return beta
}

/**
 * Temperature scaling (Guo et al. 2017): the one number by which validation logits are divided so that softmax has the highest likelihood.
 * `logits` [rows, classes], `labels` [rows] class numbers. Classes and accuracy stay as they are.
 */
export function fitTemperature(logits: Logits, labels: Int32Array, classes: number): number {
  assert(labels.length > 0 && logits.length === labels.length * classes, 'there are validation logits for every label')
  const slope: Slope = (beta) => {
    const probabilities = softmaxRows(logits, classes, 1 / beta)
    let first = 0
    let second = 0
    for (let row = 0; row < labels.length; row++) {
      let mean = 0
      let square = 0
      for (let c = row * classes; c < (row + 1) * classes; c++) {
        mean += (probabilities[c] ?? 0) * (logits[c] ?? 0)
        square += (probabilities[c] ?? 0) * (logits[c] ?? 0) ** 2
      }
      first += mean - (logits[row * classes + (labels[row] ?? 0)] ?? 0)
      second += square - mean * mean
    }
    return { first, second }
  }
  return 1 / solveBeta(slope)
}

/**
 * One temperature per label of a multi-label classifier, each with the highest likelihood on validation. `logits` and `labels` are
 * [rows, width]. A label that validation always or never carries keeps 1: there is nothing to calibrate it by.
 */
export function fitLabelTemperatures(logits: Logits, labels: Uint8Array, width: number): Float64Array {
  assert(labels.length > 0 && logits.length === labels.length, 'there are validation logits for every label')
  return Float64Array.from({ length: width }, (_, label) => {
    let positives = 0
    for (let i = label; i < labels.length; i += width) positives += labels[i] ?? 0
    if (positives === 0 || positives === labels.length / width) return 1
    return 1 / solveBeta(labelSlope(logits, labels, width, label))
  })
}

function labelSlope(logits: Logits, labels: Uint8Array, width: number, label: number): Slope {
  return (beta) => {
    let first = 0
    let second = 0
    for (let i = label; i < logits.length; i += width) {
      const logit = logits[i] ?? 0
      const p = 1 / (1 + Math.exp(-logit * beta))
      first += logit * (p - (labels[i] ?? 0))
      second += logit * logit * p * (1 - p)
    }
    return { first, second }
  }
}

/**
 * The threshold per label with the highest F1 on validation: halfway between two neighbouring probabilities, the candidate nearest to 0.5
 * where several are equally good. A label without a positive keeps 0.5. `probabilities` and `labels` are [rows, width].
 */
export function fitThresholds(probabilities: Float64Array, labels: Uint8Array, width: number): Float64Array {
  assert(labels.length === probabilities.length, 'there are validation probabilities for every label')
  return Float64Array.from({ length: width }, (_, label) => fitThreshold(probabilities, labels, width, label))
}

function fitThreshold(probabilities: Float64Array, labels: Uint8Array, width: number, label: number): number {
  const pairs: { p: number; truth: number }[] = []
  for (let i = label; i < labels.length; i += width) pairs.push({ p: probabilities[i] ?? 0, truth: labels[i] ?? 0 })
  pairs.sort((a, b) => b.p - a.p)
  const positives = pairs.reduce((sum, { truth }) => sum + truth, 0)
  let best = { f1: 0, threshold: 0.5 }
  let hits = 0
  pairs.forEach(({ p, truth }, at) => {
    hits += truth
    const next = pairs[at + 1]?.p ?? 0
    if (next === p) return
    const threshold = (p + next) / 2
    const f1 = (2 * hits) / (at + 1 + positives)
    const isNearer = Math.abs(threshold - 0.5) < Math.abs(best.threshold - 0.5)
    if (f1 > best.f1 || (f1 === best.f1 && f1 > 0 && isNearer)) best = { f1, threshold }
  })
  return best.threshold
}
