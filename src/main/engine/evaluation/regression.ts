import { assert } from '../../base/assert.ts'
import { keyed, measureOnce } from './intervals.ts'
import type { Measure } from './intervals.ts'
import { orderByScore, tieEnds } from './ranking.ts'

export interface RegressionData {
  /** [rows] */
  readonly targets: Float64Array
  /** [rows] */
  readonly predictions: Float64Array
}

/** Every single number of a regression, in the order in which its measure writes them. */
export const REGRESSION_KEYS = ['mae', 'rmse', 'r2', 'pearson', 'spearman'] as const
export type RegressionKey = (typeof REGRESSION_KEYS)[number]

/** Writes the rank of each row to `out`, equal values sharing the mean of their places, each row counted `weights[row]` times. */
type Ranker = (weights: Int32Array, out: Float64Array) => void

function ranker(values: Float64Array): Ranker {
  const order = orderByScore(values, false)
  const endsTie = tieEnds(values, order)
  return (weights, out) => {
    let below = 0
    let tied = 0
    for (let place = 0, first = 0; place < order.length; place++) {
      tied += weights[order[place] ?? 0] ?? 0
      if (endsTie[place] === 0) continue
      for (; first <= place; first++) out[order[first] ?? 0] = below + (tied + 1) / 2
      below += tied
      tied = 0
    }
  }
}

/** Pearson's correlation, each row counted `weights[row]` times; NaN when either side is constant. */
function correlation(x: Float64Array, y: Float64Array, weights: Int32Array, total: number): number {
  let meanX = 0
  let meanY = 0
  for (let i = 0; i < x.length; i++) {
    meanX += ((weights[i] ?? 0) * (x[i] ?? 0)) / total
    meanY += ((weights[i] ?? 0) * (y[i] ?? 0)) / total
  }
  let xx = 0
  let yy = 0
  let xy = 0
  for (let i = 0; i < x.length; i++) {
    const weight = weights[i] ?? 0
    const dx = (x[i] ?? 0) - meanX
    const dy = (y[i] ?? 0) - meanY
    xx += weight * dx * dx
    yy += weight * dy * dy
    xy += weight * dx * dy
  }
  // A constant column leaves only rounding noise around its mean, which must not pass for variation (scipy's threshold).
  const isConstant = Math.sqrt(xx) <= 1e-13 * Math.abs(meanX) || Math.sqrt(yy) <= 1e-13 * Math.abs(meanY) || xx === 0 || yy === 0
  return isConstant ? NaN : Math.max(-1, Math.min(1, xy / Math.sqrt(xx) / Math.sqrt(yy)))
}

/** Mean absolute error, root mean squared error, and R² = 1 − Σ(y−ŷ)²/Σ(y−ȳ)² (constant targets: 1 if all are met, else 0, as scikit-learn). */
function writeErrors({ targets, predictions }: RegressionData, weights: Int32Array, total: number, out: Float64Array): void {
  let mean = 0
  for (let i = 0; i < targets.length; i++) mean += ((weights[i] ?? 0) * (targets[i] ?? 0)) / total
  let absolute = 0
  let squared = 0
  let spread = 0
  let [least, most] = [Infinity, -Infinity]
  for (let i = 0; i < targets.length; i++) {
    const weight = weights[i] ?? 0
    if (weight > 0) [least, most] = [Math.min(least, targets[i] ?? 0), Math.max(most, targets[i] ?? 0)]
    const error = (targets[i] ?? 0) - (predictions[i] ?? 0)
    absolute += weight * Math.abs(error)
    squared += weight * error * error
    spread += weight * ((targets[i] ?? 0) - mean) ** 2
  }
  out[0] = absolute / total
  out[1] = Math.sqrt(squared / total)
  const ofConstant = squared === 0 ? 1 : 0
  // Compared by their ends: the mean of equal numbers may round, and leave a spread that is only noise.
  out[2] = total < 2 ? NaN : least === most || spread === 0 ? ofConstant : 1 - squared / spread
}

/** Prepares everything that resamples share. The measure writes `REGRESSION_KEYS`. Spearman's ρ averages the ranks of ties. */
export function regressionMeasure(data: RegressionData): Measure {
  const { targets, predictions } = data
  assert(targets.length === predictions.length, 'there is one prediction per target')
  assert(targets.every(Number.isFinite) && predictions.every(Number.isFinite), 'every target and prediction is a finite number')
  const [rankTargets, rankPredictions] = [ranker(targets), ranker(predictions)]
  const [targetRanks, predictionRanks] = [new Float64Array(targets.length), new Float64Array(targets.length)]
  const measure = (weights: Int32Array, out: Float64Array): void => {
    let total = 0
    for (const weight of weights) total += weight
    writeErrors(data, weights, total, out)
    out[3] = correlation(targets, predictions, weights, total)
    rankTargets(weights, targetRanks)
    rankPredictions(weights, predictionRanks)
    out[4] = correlation(targetRanks, predictionRanks, weights, total)
  }
  return { rows: targets.length, size: REGRESSION_KEYS.length, measure }
}

/** The numbers alone, without intervals, for validation during training. NaN where the rows do not define one. */
export function regressionMetrics(data: RegressionData): Record<RegressionKey, number> {
  const values = measureOnce(regressionMeasure(data))
  return keyed(REGRESSION_KEYS, (index) => values[index] ?? NaN)
}
