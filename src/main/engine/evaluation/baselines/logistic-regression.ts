import { assert } from '../../../base/assert.ts'
import type { Turns } from '../../../base/turns.ts'
import type { Design } from './design.ts'
import { minimise } from './minimise.ts'
import type { ConvexProblem, MinimiseOptions } from './minimise.ts'

/** A fitted linear classifier: logits = X·weights + intercept. */
export interface LinearModel {
  readonly outputs: number
  /** [columns, outputs] */
  readonly weights: Float64Array
  /** [outputs] */
  readonly intercept: Float64Array
  readonly iterations: number
  readonly converged: boolean
  /** Where the next fit on the same rows may start. */
  readonly state: Float64Array
}

/** What is minimised: softmax cross-entropy against class numbers, or independent logistic losses against 0/1 targets. */
export type LogisticTarget =
  | { readonly kind: 'softmax'; readonly labels: Int32Array; readonly outputs: number; readonly weights: Float64Array }
  | { readonly kind: 'sigmoid'; readonly targets: Uint8Array; readonly outputs: number; readonly weights: Float64Array }

export interface LogisticOptions extends Partial<MinimiseOptions> {
  /** Inverse strength of the L2 penalty, scikit-learn's `C`. */
  readonly C: number
  readonly start?: Float64Array
}

/** Writes dLoss/dlogits of every entry to `residuals` [rows, outputs] and returns the summed loss. */
type LossOf = (logits: Float64Array, residuals: Float64Array) => number

/** Σ wᵢ·(logsumexp zᵢ − zᵢ[yᵢ]); `weights` is [rows]. */
function softmaxLoss(labels: Int32Array, outputs: number, weights: Float64Array): LossOf {
  return (logits, residuals) => {
    let loss = 0
    for (let row = 0; row < labels.length; row++) {
      const at = row * outputs
      const weight = weights[row] ?? 0
      const label = labels[row] ?? 0
      let highest = -Infinity
      for (let c = 0; c < outputs; c++) highest = Math.max(highest, logits[at + c] ?? 0)
      let sum = 0
      for (let c = 0; c < outputs; c++) sum += residuals[at + c] = Math.exp((logits[at + c] ?? 0) - highest)
      loss += weight * (Math.log(sum) + highest - (logits[at + label] ?? 0))
      for (let c = 0; c < outputs; c++) residuals[at + c] = weight * ((residuals[at + c] ?? 0) / sum - (c === label ? 1 : 0))
    }
    return loss
  }
}

/** Σ wᵢ·(ln(1 + exp zᵢ) − yᵢ·zᵢ); `weights` is [rows, outputs] as the targets are. */
function sigmoidLoss(targets: Uint8Array, weights: Float64Array): LossOf {
  return (logits, residuals) => {
    let loss = 0
    for (let i = 0; i < logits.length; i++) {
      const z = logits[i] ?? 0
      const weight = weights[i] ?? 0
      const target = targets[i] ?? 0
      const small = Math.exp(-Math.abs(z))
      loss += weight * (Math.max(z, 0) + Math.log1p(small) - target * z)
      residuals[i] = weight * ((z >= 0 ? 1 : small) / (1 + small) - target)
    }
    return loss
  }
}

/** What one fit works on; the arrays are scratch, overwritten by every evaluation. */
interface Fit {
  readonly design: Design
  readonly outputs: number
  readonly loss: LossOf
  readonly C: number
  /** rows · outputs */
  readonly length: number
  readonly logits: Float64Array
  readonly residuals: Float64Array
}

/** ⟨W, W'⟩ = Σ A·Z' */
function innerWeights(a: Float64Array, b: Float64Array, length: number): number {
  let sum = 0
  for (let i = 0; i < length; i++) sum += (a[i] ?? 0) * (b[length + i] ?? 0)
  return sum
}

/** Fills `logits` with those of point + t·direction. */
function fillLogits({ logits, length, outputs }: Fit, point: Float64Array, direction: Float64Array, t: number): void {
  for (let at = 0; at < length; at += outputs) {
    for (let c = 0; c < outputs; c++) {
      const i = at + c
      const b = 2 * length + c
      logits[i] = (point[length + i] ?? 0) + (point[b] ?? 0) + t * ((direction[length + i] ?? 0) + (direction[b] ?? 0))
    }
  }
}

function writeGradient(fit: Fit, point: Float64Array, out: Float64Array): number {
  const { design, outputs, loss, C, length, logits, residuals } = fit
  fillLogits(fit, point, point, 0)
  const value = loss(logits, residuals)
  design.gram(residuals, outputs, out.subarray(length, 2 * length))
  out.fill(0, 2 * length)
  for (let at = 0; at < length; at += outputs) {
    for (let c = 0; c < outputs; c++) {
      const i = at + c
      const b = 2 * length + c
      const residual = residuals[i] ?? 0
      out[i] = (point[i] ?? 0) / C + residual
      out[length + i] = (out[length + i] ?? 0) + (point[length + i] ?? 0) / C
      out[b] = (out[b] ?? 0) + residual
    }
  }
  return value + innerWeights(point, point, length) / (2 * C)
}

function lineOf(fit: Fit, point: Float64Array, direction: Float64Array): (t: number) => { value: number; slope: number } {
  const { outputs, loss, C, length, logits, residuals } = fit
  const [pp, pd, dd] = [
    innerWeights(point, point, length),
    innerWeights(point, direction, length),
    innerWeights(direction, direction, length)
  ]
  return (t) => {
    fillLogits(fit, point, direction, t)
    const value = loss(logits, residuals) + (pp + 2 * t * pd + t * t * dd) / (2 * C)
    let slope = (pd + t * dd) / C
    for (let at = 0; at < length; at += outputs) {
      for (let c = 0; c < outputs; c++)
        slope += (residuals[at + c] ?? 0) * ((direction[length + at + c] ?? 0) + (direction[2 * length + c] ?? 0))
    }
    return { value, slope }
  }
}

/**
 * The penalised problem  Σ loss(X·W + b) + ‖W‖²/(2C), the intercept b free, with W kept as Xᵀ·A.
 *
 * Every gradient lies in the span of the rows, so L-BFGS never leaves it. A vector is [A | Z | b]: coefficients A [rows, outputs], their
 * image Z = X·Xᵀ·A, and b. ⟨W, W'⟩ = ΣA·Z', logits are Z + b, and a step costs one product with X·Xᵀ, however wide X is, and the
 * line search none.
 */
function problemOf(design: Design, outputs: number, loss: LossOf, C: number): ConvexProblem {
  const length = design.rows * outputs
  const fit: Fit = { design, outputs, loss, C, length, logits: new Float64Array(length), residuals: new Float64Array(length) }
  return {
    size: 2 * length + outputs,
    inner(a, b) {
      let sum = innerWeights(a, b, length)
      for (let i = 2 * length; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
      return sum
    },
    gradient: (point, out) => writeGradient(fit, point, out),
    line: (point, direction) => lineOf(fit, point, direction)
  }
}

/**
 * Fits an L2-penalised logistic regression; the optimum is scikit-learn's `LogisticRegression(C)`. `tolerance` bounds the gradient's norm
 * per unit of row weight (default 1e-4), `maxIterations` defaults to 300.
 */
export function* fitLogistic(design: Design, target: LogisticTarget, options: LogisticOptions): Turns<LinearModel> {
  const { C, tolerance = 1e-4, maxIterations = 300, start } = options
  const { outputs } = target
  assert(C > 0, 'C is above zero')
  const loss =
    target.kind === 'softmax' ? softmaxLoss(target.labels, outputs, target.weights) : sigmoidLoss(target.targets, target.weights)
  const total = target.weights.reduce((sum, each) => sum + each, 0)
  const minimum = yield* minimise(problemOf(design, outputs, loss, C), { tolerance: tolerance * total, maxIterations }, start)
  const weights = new Float64Array(design.columns * outputs)
  design.transposeTimes(minimum.point.subarray(0, design.rows * outputs), outputs, weights)
  const intercept = minimum.point.slice(2 * design.rows * outputs)
  return { outputs, weights, intercept, iterations: minimum.iterations, converged: minimum.converged, state: minimum.point }
}

/** Logits [rows, outputs] of a fitted model. */
export function linearLogits(model: Pick<LinearModel, 'outputs' | 'weights' | 'intercept'>, design: Design): Float64Array {
  const logits = new Float64Array(design.rows * model.outputs)
  design.times(model.weights, model.outputs, logits)
  for (let i = 0; i < logits.length; i++) logits[i] = (logits[i] ?? 0) + (model.intercept[i % model.outputs] ?? 0)
  return logits
}
