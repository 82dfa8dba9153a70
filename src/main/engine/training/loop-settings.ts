import type { ScheduleSettings } from '../optimizers/schedules.ts'
import type { Batch } from './feeding.ts'
import { firstLossScale } from './loss-scale.ts'
import type { LoopState } from './ports.ts'

export interface LoopSettings {
  readonly seed: number
  readonly learningRate: number
  /** 0 leaves gradients as they are. */
  readonly maxGradNorm: number
  readonly schedules: readonly ScheduleSettings[]
  readonly totalSteps: number
  readonly epochs: number
  /** Evaluate every so many steps; null: only at ends of epochs. */
  readonly evaluateEvery: number | null
  readonly evaluateEachEpoch: boolean
  /** The validation metric that chooses the best checkpoint. */
  readonly bestMetric: {
    readonly name: string
    readonly greaterIsBetter: boolean
    readonly threshold: number
    /** What it is while nothing has been learned that it counts: until then patience is not counted. Left out, it always is. */
    readonly nothing?: number
  }
  /** Evaluations without a better one before the run stops; null never stops early. */
  readonly patience: number | null
  /** Longest time between two checkpoints, in seconds. */
  readonly saveEverySeconds: number
  readonly saveEverySteps: number | null
  /** A `step` event every so many steps, and at the last. */
  readonly loggingSteps: number
}

/** The micro-batches of training, made on demand. */
export interface TrainingData {
  /** Rows of each micro-batch of an epoch, by the optimizer step that they belong to. */
  readonly windowsOf: (epoch: number) => readonly (readonly Int32Array[])[]
  /** The batch of these rows, and the weight its loss is divided by. `draw` numbers the use, for masked-lm's random masks. */
  readonly batch: (
    rows: Int32Array,
    draw: { readonly epoch: number; readonly step: number; readonly microStep: number }
  ) => Promise<WeightedBatch>
  /** Phase of gradual unfreezing that an epoch belongs to. */
  readonly phaseOf: (epoch: number) => number
}

export interface WeightedBatch {
  readonly batch: Batch
  readonly weight: number
  /** Tokens that are not padding. */
  readonly tokens: number
}

export const nothingUnlogged: LoopState['unlogged'] = { steps: 0, loss: 0, tokens: 0, seconds: 0 }

/** `scalesLoss`: whether gradients are computed in float16, and losses therefore scaled. */
export const initialState = (groups: number, scalesLoss = false): LoopState => ({
  step: 0,
  epoch: 0,
  window: 0,
  phase: 0,
  groupSteps: new Array<number>(groups).fill(0),
  best: null,
  sinceBest: 0,
  skipped: 0,
  badInARow: 0,
  unlogged: nothingUnlogged,
  finished: false,
  ...(scalesLoss ? { lossScale: firstLossScale } : {})
})
