import { lossesFor, metricsFor, type MetricName, type ProblemName } from '../engine/training/options.ts'
import type { RunConfig, SplitConfig, TrainingConfig } from './config-types.ts'
import { learningRates, type RawRun } from './schema.ts'

/** What kind of answers a run learns to give. */
export function problemOf(run: RawRun): ProblemName {
  if (run.task !== 'text-classification') return run.task
  if (run.problem_type !== null) return run.problem_type
  return run.data.label_separator === null ? 'single_label_classification' : 'multi_label_classification'
}

/** Fills in the defaults that depend on other options. */
export function resolveRun(run: RawRun): RunConfig {
  const training = resolveTraining(run)
  const split = resolveSplit(run.data)
  switch (run.task) {
    case 'text-classification': {
      const problem = problemOf(run)
      const type = problem === 'multi_label_classification' ? problem : 'single_label_classification'
      return { ...run, problem_type: type, data: { ...run.data, split }, training }
    }
    case 'token-classification':
      return { ...run, data: { ...run.data, split }, training }
    case 'question-answering':
      return { ...run, data: { ...run.data, split }, training }
    case 'regression':
      return { ...run, data: { ...run.data, split }, training }
    case 'masked-lm':
      return { ...run, data: { ...run.data, split }, training }
  }
}

/** The metric that chooses the best checkpoint. */
export function metricOf(run: RawRun): MetricName {
  const { metric_for_best_model: named, early_stopping: stopping } = run.training
  return named ?? stopping?.metric ?? metricsFor[problemOf(run)][0]
}

function resolveTraining(run: RawRun): TrainingConfig {
  const { training } = run
  const metric = metricOf(run)
  const isOfPlaces = run.task === 'token-classification' || run.task === 'question-answering'
  return {
    ...training,
    truncation: training.truncation ?? (isOfPlaces ? 'windows' : 'head'),
    // Where it depends on a window's length, that is known with the model.
    stride: training.stride ?? (isOfPlaces ? null : 0),
    learning_rate: training.learning_rate ?? learningRates[run.method.type].default,
    warmup_ratio: training.warmup_ratio ?? defaultWarmup(training),
    loss: training.loss === 'auto' ? lossesFor[problemOf(run)][0] : training.loss,
    metric_for_best_model: metric,
    early_stopping: training.early_stopping && { ...training.early_stopping, metric }
  }
}

const defaultWarmup = ({ warmup_steps: steps, lr_scheduler_type: type }: RawRun['training']): number =>
  steps > 0 || hasNoWarmup(type) ? 0 : 0.06

/** Whether a schedule starts at its full rate, or rises by a rule of its own. */
export const hasNoWarmup = (schedule: string): boolean => schedule === 'constant' || schedule === 'slanted_triangular'

function resolveSplit({ split, validation, test }: RawRun['data']): SplitConfig {
  if (split !== null) return split
  if (validation !== null && test !== null) return { train: 1, validation: 0, test: 0 }
  if (test !== null) return { train: 0.85, validation: 0.15, test: 0 }
  return validation === null ? { train: 0.7, validation: 0.15, test: 0.15 } : { train: 0.85, validation: 0, test: 0.15 }
}
