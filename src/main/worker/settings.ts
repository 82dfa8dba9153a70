import { availableParallelism } from 'node:os'
import { assert } from '../base/assert.ts'
import type { TrainingConfig } from '../config/config-types.ts'
import { usualThreads } from '../devices/cores.ts'
import type { ProblemName } from '../engine/training/options.ts'
import type { RunSettings, ScheduleChoice, TaskId } from '../engine/training/run-settings.ts'

export interface SettingsInput {
  readonly task: TaskId
  readonly problem: ProblemName
  readonly training: TrainingConfig
  /** The model's longest sequence. */
  readonly modelMaxLength: number
  /** Validation rows there are; without any, nothing is evaluated while training. */
  readonly validationRows: number
  readonly seed: number
  /** Rows to a micro-batch where those of run.yaml take too much memory; divides them. */
  readonly microBatch?: number | undefined
  /** Whether a conditional random field follows the head: then that is what is trained. */
  readonly crf?: boolean
}

/** Batches as run.yaml has them, or cut so that as many of them make up one step as keep its rows. */
function batchesOf({ training: t, microBatch }: SettingsInput): Pick<RunSettings, 'batchSize' | 'accumulation' | 'cutFrom'> {
  const own = { batchSize: t.per_device_train_batch_size, accumulation: t.gradient_accumulation_steps }
  if (microBatch === undefined || microBatch >= own.batchSize) return { ...own, cutFrom: null }
  assert(own.batchSize % microBatch === 0, 'a smaller batch divides the one that it is cut from')
  return { batchSize: microBatch, accumulation: (own.accumulation * own.batchSize) / microBatch, cutFrom: own }
}

type Kwargs = TrainingConfig['lr_scheduler_kwargs']

/** Works out every choice that run.yaml leaves to us. */
export function settingsOf(input: SettingsInput): RunSettings {
  const { task, problem, training: t, modelMaxLength, crf = false } = input
  const maxLength = Math.min(t.max_length ?? modelMaxLength, modelMaxLength)
  return {
    task,
    seed: input.seed,
    epochs: t.num_train_epochs,
    maxSteps: t.max_steps < 0 ? null : t.max_steps,
    ...batchesOf(input),
    evaluationBatchSize: t.per_device_eval_batch_size,
    learningRate: t.learning_rate,
    weightDecay: t.weight_decay,
    optimizer: t.optim,
    beta1: t.adam_beta1,
    beta2: t.adam_beta2,
    epsilon: t.adam_epsilon,
    momentum: t.momentum,
    maxGradNorm: t.max_grad_norm,
    schedule: scheduleOf(t.lr_scheduler_type, t.lr_scheduler_kwargs),
    warmupRatio: t.warmup_ratio,
    warmupSteps: t.warmup_steps,
    labelSmoothing: t.label_smoothing_factor,
    classWeights: t.class_weights,
    loss: problem === 'masked-lm' ? 'masked_cross_entropy' : crf ? 'crf' : task === 'question-answering' ? 'answer' : t.loss,
    focalGamma: t.focal_gamma,
    huberDelta: t.huber_delta,
    maxLength,
    truncation: t.truncation,
    windowStride: t.stride ?? (task === 'token-classification' || task === 'question-answering' ? Math.floor(maxLength / 4) : 0),
    headShare: t.head_share,
    windowPooling: t.window_pooling,
    groupByLength: t.group_by_length,
    packing: t.packing,
    ...evaluating(input),
    loggingSteps: t.logging_steps,
    saveEverySteps: t.save_steps,
    saveEverySeconds: 45,
    layerwiseDecay: t.layerwise_lr_decay,
    headLearningRate: t.head_learning_rate ?? (t.head_lr_ratio === null ? null : t.learning_rate * t.head_lr_ratio),
    groups: t.parameter_groups.map((group) => ({
      modules: group.modules,
      ...(group.learning_rate === null ? {} : { learningRate: group.learning_rate }),
      ...(group.weight_decay === null ? {} : { weightDecay: group.weight_decay }),
      ...(group.lr_scheduler_type === null ? {} : { schedule: scheduleOf(group.lr_scheduler_type, group.lr_scheduler_kwargs) })
    })),
    gradualUnfreezing: t.gradual_unfreezing && {
      everyEpochs: t.gradual_unfreezing.every_epochs,
      layersPerPhase: t.gradual_unfreezing.layers_per_phase,
      stopAtLayer: t.gradual_unfreezing.stop_at_layer
    },
    maskProbability: t.mlm_probability,
    wholeWordMask: t.whole_word_mask,
    frozenWeights: t.frozen_weights,
    threads: settingsThreads(t),
    prefixCache: { isOn: t.cache.prefix, budgetBytes: t.cache.budget }
  }
}

/** Threads that settings name, or as many as are usual on this machine: a run's own are settled before it begins (thread-choice.ts). */
export const settingsThreads = ({ threads }: Pick<TrainingConfig, 'threads'>): number =>
  typeof threads === 'number' ? threads : usualThreads({ logical: availableParallelism() })

function scheduleOf(type: ScheduleChoice['type'], kwargs: Kwargs): ScheduleChoice {
  const { num_cycles: numCycles, power, lr_end: lrEnd, cut_frac: cutFraction, ratio } = kwargs
  const given = Object.entries({ numCycles, power, lrEnd, cutFraction, ratio }).filter(([, value]) => value !== null)
  return { type, ...Object.fromEntries(given) }
}

function evaluating({
  training: t,
  validationRows
}: SettingsInput): Pick<RunSettings, 'evaluateEvery' | 'evaluateEachEpoch' | 'bestMetric' | 'patience' | 'improvementThreshold'> {
  const isOn = t.eval_strategy !== 'no' && validationRows > 0
  return {
    evaluateEvery: isOn ? t.eval_steps : null,
    evaluateEachEpoch: isOn && t.eval_strategy === 'epoch',
    bestMetric: t.metric_for_best_model,
    patience: isOn ? (t.early_stopping?.patience ?? null) : null,
    improvementThreshold: t.early_stopping?.threshold ?? 0
  }
}
