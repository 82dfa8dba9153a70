import type { LossKind } from '../tasks/losses.ts'
import type { ScheduleId } from '../optimizers/schedules.ts'
import type { OptimizerId } from '../optimizers/state.ts'
import type { Truncation } from '../text/sequences.ts'

export type TaskId = 'text-classification' | 'token-classification' | 'question-answering' | 'regression' | 'masked-lm'

export interface ScheduleChoice {
  readonly type: ScheduleId
  readonly numCycles?: number
  readonly power?: number
  readonly lrEnd?: number
  readonly cutFraction?: number
  readonly ratio?: number
}

/** Parameters that match `modules` learn at their own rate, decay or schedule (features D16–D22). The first match counts. */
export interface GroupRule {
  readonly modules: string | readonly string[]
  readonly learningRate?: number
  readonly weightDecay?: number
  readonly schedule?: ScheduleChoice
}

/** One run's settings, defaults filled in and every choice made. Names and meanings follow transformers' TrainingArguments. */
export interface RunSettings {
  readonly task: TaskId
  readonly seed: number
  readonly epochs: number
  /** Optimizer steps at most; null: epochs decide. */
  readonly maxSteps: number | null
  readonly batchSize: number
  readonly evaluationBatchSize: number
  readonly accumulation: number
  /** The batches that smaller ones are cut from, so that every optimizer step keeps its rows; null where batches are as they were asked for. */
  readonly cutFrom: { readonly batchSize: number; readonly accumulation: number } | null
  readonly learningRate: number
  readonly weightDecay: number
  readonly optimizer: OptimizerId
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly momentum: number
  readonly maxGradNorm: number
  readonly schedule: ScheduleChoice
  readonly warmupRatio: number
  readonly warmupSteps: number
  readonly labelSmoothing: number
  readonly classWeights: 'none' | 'balanced' | Readonly<Record<string, number>>
  readonly loss: LossKind
  readonly focalGamma: number
  readonly huberDelta: number
  readonly maxLength: number
  readonly truncation: Truncation
  readonly windowStride: number
  /** head_tail: share of the room that the head gets. */
  readonly headShare: number
  readonly windowPooling: 'mean' | 'max'
  readonly groupByLength: boolean
  /** Training rows hold several texts where they are short. */
  readonly packing: boolean
  /** Evaluate every so many steps; null: only at ends of epochs. */
  readonly evaluateEvery: number | null
  readonly evaluateEachEpoch: boolean
  /** A step event every so many steps. */
  readonly loggingSteps: number
  readonly saveEverySteps: number | null
  readonly saveEverySeconds: number
  readonly bestMetric: string
  readonly patience: number | null
  readonly improvementThreshold: number
  readonly layerwiseDecay: number
  readonly headLearningRate: number | null
  readonly groups: readonly GroupRule[]
  /** `layersPerPhase` more layers from the top learn every `everyEpochs` epochs, down to `stopAtLayer`; null: all from the start. */
  readonly gradualUnfreezing: {
    readonly everyEpochs: number
    readonly layersPerPhase: number
    readonly stopAtLayer: number
  } | null
  readonly maskProbability: number
  readonly wholeWordMask: boolean
  /** What frozen layers compute forward in while training. */
  readonly frozenWeights: 'float32' | 'int8'
  readonly threads: number
  readonly prefixCache: { readonly isOn: boolean; readonly budgetBytes: number }
}
