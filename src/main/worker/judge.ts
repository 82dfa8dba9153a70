import {
  classificationMetrics,
  fitLabelTemperatures,
  fitTemperature,
  fitThresholds,
  multiLabelMetrics,
  regressionMetrics,
  sigmoidRows,
  softmaxRows,
  type EvaluationInput
} from '../engine/evaluation/index.ts'
import type { LossOptions } from '../engine/tasks/losses.ts'
import { hostLoss } from '../engine/training/host-loss.ts'
import type { Targets, TargetSettings } from '../engine/training/targets.ts'
import { pick, pickRows } from './baselines.ts'

/** What validation taught about reading a model's logits. */
export interface Calibration {
  /** Divides logits before softmax or sigmoid: one, or one a label. */
  readonly temperatures: readonly number[]
  /** multi-label: the probability from which a label is said. */
  readonly thresholds: readonly number[] | null
}

/** Neutral reading: temperature 1, thresholds a half. */
export function neutral(targets: Targets): Calibration {
  const isMulti = targets.kind === 'multi-label'
  const each = (value: number): number[] => new Array<number>(targets.classes).fill(value)
  return { temperatures: isMulti ? each(1) : [1], thresholds: isMulti ? each(0.5) : null }
}

/** Fits temperature and thresholds on validation rows only. */
export function calibrate(targets: Targets, logits: Float32Array, rows: Int32Array): Calibration {
  if (rows.length === 0 || targets.kind === 'regression') return neutral(targets)
  if (targets.kind === 'single-label') {
    return { temperatures: [fitTemperature(logits, pick(targets.labels, rows), targets.classes)], thresholds: null }
  }
  const labels = pickRows(targets.labels, rows, targets.classes)
  const temperatures = fitLabelTemperatures(logits, labels, targets.classes)
  const thresholds = fitThresholds(sigmoidRows(logits, temperatures), labels, targets.classes)
  return { temperatures: [...temperatures], thresholds: [...thresholds] }
}

/** Probabilities [rows, classes], or predictions [rows] of a regression, in the data's own unit. */
export function readLogits(
  kind: Targets['kind'],
  logits: Float32Array,
  classes: number,
  { temperatures }: Calibration,
  { shift, scale }: Pick<TargetSettings, 'shift' | 'scale'>
): Float64Array {
  switch (kind) {
    case 'single-label':
      return softmaxRows(logits, classes, temperatures[0] ?? 1)
    case 'multi-label':
      return sigmoidRows(logits, temperatures)
    case 'regression':
      return Float64Array.from(logits, (value) => value * scale + shift)
  }
}

/** A model's answers to `rows`, ready to be judged. */
export function evaluationInput(
  targets: Targets,
  classNames: readonly string[],
  rows: Int32Array,
  answers: Float64Array,
  { thresholds }: Calibration
): EvaluationInput {
  switch (targets.kind) {
    case 'single-label':
      return { kind: 'single-label', labels: pick(targets.labels, rows), probabilities: answers, classNames }
    case 'multi-label': {
      const labels = pickRows(targets.labels, rows, targets.classes)
      return {
        kind: 'multi-label',
        labels,
        probabilities: answers,
        labelNames: classNames,
        thresholds: Float64Array.from(thresholds ?? [])
      }
    }
    case 'regression':
      return { kind: 'regression', targets: Float64Array.from(rows, (row) => targets.values[row] ?? 0), predictions: answers }
  }
}

/** Validation metrics while training, uncalibrated: numbers that exist, and the loss that is trained. */
export function validationMetrics(
  targets: Targets,
  classNames: readonly string[],
  rows: Int32Array,
  logits: Float32Array,
  settings: TargetSettings,
  loss: LossOptions
): Record<string, number> {
  const calibration = neutral(targets)
  const answers = readLogits(targets.kind, logits, targets.classes, calibration, settings)
  const metrics: Record<string, number> = {
    loss: hostLoss(targets, settings, loss, rows, logits),
    ...metricsOf(evaluationInput(targets, classNames, rows, answers, calibration))
  }
  return finite(metrics)
}

/** The metrics that are numbers: one of no rows is none. */
export const finite = (metrics: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)))

/** The metrics of answers, by name. */
export function metricsOf(input: EvaluationInput): Record<string, number> {
  if (input.kind === 'single-label') return classificationMetrics(input)
  return input.kind === 'multi-label' ? multiLabelMetrics(input) : regressionMetrics(input)
}
