import { availableParallelism } from 'node:os'
import type { LossKind } from '../engine/tasks/losses.ts'
import { lossesFor, metricsFor, type ProblemName, type TrainingOptions } from '../engine/training/options.ts'
import type { RunSettings, ScheduleChoice, TaskId } from '../engine/training/run-settings.ts'

export interface SettingsInput {
  readonly task: TaskId
  readonly problem: ProblemName
  readonly training: TrainingOptions
  /** The method's own learning rate, where run.yaml names none. */
  readonly defaultLearningRate: number
  /** The model's longest sequence. */
  readonly modelMaxLength: number
  /** Validation rows there are; without any, nothing is evaluated while training. */
  readonly validationRows: number
  readonly seed: number
}

type Kwargs = TrainingOptions['lr_scheduler_kwargs']

/** Works out every choice that run.yaml leaves to us. */
export function settingsOf(input: SettingsInput): RunSettings {
  const { task, problem, training: t, modelMaxLength } = input
  const learningRate = t.learning_rate ?? input.defaultLearningRate
  return {
    task,
    seed: input.seed,
    epochs: t.num_train_epochs,
    maxSteps: t.max_steps < 0 ? null : t.max_steps,
    batchSize: t.per_device_train_batch_size,
    evaluationBatchSize: t.per_device_eval_batch_size,
    accumulation: t.gradient_accumulation_steps,
    learningRate,
    weightDecay: t.weight_decay,
    optimizer: t.optim,
    beta1: t.adam_beta1,
    beta2: t.adam_beta2,
    epsilon: t.adam_epsilon,
    momentum: t.momentum,
    maxGradNorm: t.max_grad_norm,
    ...scheduling(t),
    labelSmoothing: t.label_smoothing_factor,
    classWeights: t.class_weights,
    loss: lossOf(problem, t.loss),
    focalGamma: t.focal_gamma,
    huberDelta: t.huber_delta,
    maxLength: Math.min(t.max_length ?? modelMaxLength, modelMaxLength),
    truncation: t.truncation,
    windowStride: t.stride,
    headShare: t.head_share,
    windowPooling: t.window_pooling,
    groupByLength: t.group_by_length,
    ...evaluating(input),
    saveEverySteps: t.save_steps,
    saveEverySeconds: 45,
    layerwiseDecay: t.layerwise_lr_decay,
    headLearningRate: t.head_learning_rate ?? (t.head_lr_ratio === null ? null : learningRate * t.head_lr_ratio),
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
    threads: t.threads ?? physicalCores(),
    prefixCache: { isOn: t.cache.prefix, budgetBytes: t.cache.budget }
  }
}

/** Node counts hardware threads; a matrix product gains nothing from a core's second one. With few threads every one counts. */
function physicalCores(): number {
  const threads = availableParallelism()
  return threads > 4 ? Math.ceil(threads / 2) : threads
}

function scheduling(t: TrainingOptions): Pick<RunSettings, 'schedule' | 'warmupRatio' | 'warmupSteps'> {
  const warmsUp = t.lr_scheduler_type !== 'constant' && t.lr_scheduler_type !== 'slanted_triangular'
  const warmupRatio = t.warmup_ratio ?? (warmsUp && t.warmup_steps === 0 ? 0.06 : 0)
  return { schedule: scheduleOf(t.lr_scheduler_type, t.lr_scheduler_kwargs), warmupRatio, warmupSteps: t.warmup_steps }
}

function scheduleOf(type: ScheduleChoice['type'], kwargs: Kwargs): ScheduleChoice {
  const { num_cycles: numCycles, power, lr_end: lrEnd, cut_frac: cutFraction, ratio } = kwargs
  const given = Object.entries({ numCycles, power, lrEnd, cutFraction, ratio }).filter(([, value]) => value !== null)
  return { type, ...Object.fromEntries(given) }
}

function lossOf(problem: ProblemName, loss: TrainingOptions['loss']): LossKind {
  if (problem === 'masked-lm') return 'masked_cross_entropy'
  return loss === 'auto' ? lossesFor[problem][0] : loss
}

function evaluating({
  problem,
  training: t,
  validationRows
}: SettingsInput): Pick<RunSettings, 'evaluateEvery' | 'evaluateEachEpoch' | 'bestMetric' | 'patience' | 'improvementThreshold'> {
  const isOn = t.eval_strategy !== 'no' && validationRows > 0
  return {
    evaluateEvery: isOn ? t.eval_steps : null,
    evaluateEachEpoch: isOn && t.eval_strategy === 'epoch',
    bestMetric: t.metric_for_best_model ?? t.early_stopping?.metric ?? metricsFor[problem][0],
    patience: isOn ? (t.early_stopping?.patience ?? null) : null,
    improvementThreshold: t.early_stopping?.threshold ?? 0
  }
}
