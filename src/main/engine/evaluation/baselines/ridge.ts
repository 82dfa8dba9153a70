import { assert } from '../../../base/assert.ts'
import { mean } from './constant.ts'
import type { Design } from './design.ts'

export interface RidgeModel {
  /** [columns] */
  readonly weights: Float64Array
  readonly intercept: number
}

export interface RidgeOptions {
  /** Strength of the penalty, scikit-learn's `alpha`. */
  readonly alpha: number
  /** Relative residual at which the solver stops; default 1e-8. */
  readonly tolerance?: number
  readonly maxIterations?: number
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

function centre(values: Float64Array): void {
  const middle = mean(values)
  for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) - middle
}

/**
 * Ridge regression with a free intercept: minimises ‖y − X·w − b‖² + α·‖w‖², by conjugate gradients on its dual
 * (H·X·Xᵀ·H + α)·a = H·y with H = centring, w = Xᵀ·a (as Ha = a). No matrix is formed, so width and sparsity do not matter.
 */
export function fitRidge(
  design: Design,
  targets: Float64Array,
  { alpha, tolerance = 1e-8, maxIterations = 1000 }: RidgeOptions
): RidgeModel {
  assert(targets.length === design.rows && alpha > 0, 'there is one target per row, and the penalty is above zero')
  const product = new Float64Array(design.rows)
  const apply = (v: Float64Array): void => {
    design.gram(v, 1, product)
    centre(product)
    for (let i = 0; i < v.length; i++) product[i] = (product[i] ?? 0) + alpha * (v[i] ?? 0)
  }
  const solution = new Float64Array(design.rows)
  const residual = targets.slice()
  centre(residual)
  const direction = residual.slice()
  let square = dot(residual, residual)
  const goal = tolerance * tolerance * square
  for (let i = 0; i < maxIterations && square > goal; i++) {
    apply(direction)
    const step = square / dot(direction, product)
    for (let j = 0; j < solution.length; j++) {
      solution[j] = (solution[j] ?? 0) + step * (direction[j] ?? 0)
      residual[j] = (residual[j] ?? 0) - step * (product[j] ?? 0)
    }
    const next = dot(residual, residual)
    for (let j = 0; j < direction.length; j++) direction[j] = (residual[j] ?? 0) + (next / square) * (direction[j] ?? 0)
    square = next
  }
  const weights = new Float64Array(design.columns)
  design.transposeTimes(solution, 1, weights)
  design.times(weights, 1, product)
  return { weights, intercept: mean(targets) - mean(product) }
}

/** Predictions [rows] of a fitted model. */
export function ridgePredictions({ weights, intercept }: RidgeModel, design: Design): Float64Array {
  const predictions = new Float64Array(design.rows)
  design.times(weights, 1, predictions)
  return predictions.map((each) => each + intercept)
}
