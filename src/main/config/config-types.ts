import type { OptionsOf } from '../base/options.ts'
import type { AnswerOptions, HeadOptions, TagOptions } from '../engine/tasks/options.ts'
import type { LossName, MetricName, TrainingOptions } from '../engine/training/options.ts'
import type { Truncation } from '../engine/text/sequences.ts'
import type { dataOptions } from './data-options.ts'
import type { RawRun } from './schema.ts'

/** Shares of the rows; they add up to 1. A part that the person gave a file for has 0. */
export interface SplitConfig {
  readonly train: number
  readonly validation: number
  readonly test: number
}

/** The `training` section with every default worked out. */
export type TrainingConfig = Omit<
  TrainingOptions,
  'learning_rate' | 'truncation' | 'warmup_ratio' | 'loss' | 'metric_for_best_model' | 'early_stopping'
> & {
  readonly learning_rate: number
  readonly truncation: Truncation
  /** 0 where `warmup_steps` counts. */
  readonly warmup_ratio: number
  readonly loss: LossName
  readonly metric_for_best_model: MetricName
  readonly early_stopping: { readonly metric: MetricName; readonly patience: number; readonly threshold: number } | null
}

/** The `method` section: its `type` says which other keys it has. */
export type MethodConfig = RawRun['method']

type WithSplit<D> = Omit<D, 'split'> & { readonly split: SplitConfig }

interface SharedConfig {
  readonly model: string
  readonly method: MethodConfig
  readonly training: TrainingConfig
  readonly output: string
}

export interface TextClassificationConfig extends SharedConfig {
  readonly task: 'text-classification'
  readonly problem_type: 'single_label_classification' | 'multi_label_classification'
  readonly data: WithSplit<OptionsOf<(typeof dataOptions)['text-classification']>>
  readonly head: HeadOptions
}

export interface TokenClassificationConfig extends SharedConfig {
  readonly task: 'token-classification'
  readonly data: WithSplit<OptionsOf<(typeof dataOptions)['token-classification']>>
  readonly head: TagOptions
}

export interface QuestionAnsweringConfig extends SharedConfig {
  readonly task: 'question-answering'
  readonly data: WithSplit<OptionsOf<(typeof dataOptions)['question-answering']>>
  readonly head: AnswerOptions
}

export interface RegressionConfig extends SharedConfig {
  readonly task: 'regression'
  readonly target_scaling: 'standard' | 'none'
  readonly data: WithSplit<OptionsOf<(typeof dataOptions)['regression']>>
  readonly head: HeadOptions
}

export interface MaskedLmConfig extends SharedConfig {
  readonly task: 'masked-lm'
  readonly data: WithSplit<OptionsOf<(typeof dataOptions)['masked-lm']>>
}

/** A run as run.yaml asks for it: checked, with every default filled in. */
export type RunConfig =
  TextClassificationConfig | TokenClassificationConfig | QuestionAnsweringConfig | RegressionConfig | MaskedLmConfig

/** What computes a training. */
export type TrainingDevice = Exclude<DeviceSetting, 'auto'>

/** What run.yaml says of it; `auto` leaves it to what was measured on the machine. */
export type DeviceSetting = TrainingConfig['device']
