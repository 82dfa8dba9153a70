import type { LossScale } from './loss-scale.ts'
import type { RoomReader } from './memory-watch.ts'
import type { Awaited } from './step-waits.ts'

/** What the training loop tells the world, one event at a time. Times are seconds since the run began. */
export type TrainingEvent =
  | {
      readonly event: 'step'
      readonly step: number
      readonly totalSteps: number
      readonly epoch: number
      /** Mean loss of the steps since the last such event. */
      readonly loss: number
      readonly learningRate: number
      readonly gradientNorm: number
      /** Factor that clipping put on the gradient: 1 where it was short enough. */
      readonly clipScale: number
      /** Tokens and seconds of the steps since the last such event. */
      readonly tokens: number
      readonly seconds: number
      /** Resident memory after the step, and the part of it that is not pages of mapped files. */
      readonly rssBytes: number
      readonly ownBytes: number
    }
  | {
      readonly event: 'evaluation'
      readonly step: number
      readonly epoch: number
      /** The one that chooses the best checkpoint. */
      readonly metric: string
      readonly metrics: Readonly<Record<string, number>>
      readonly isBest: boolean
    }
  | { readonly event: 'checkpoint'; readonly step: number; readonly kind: 'last' | 'best' }
  | { readonly event: 'skipped'; readonly step: number; readonly reason: string }
  /** Memory ran out after `step` steps; what follows, training or answering, is computed of at most so many rows at once. `sentence` says so to a person. */
  | { readonly event: 'smaller-batches'; readonly step: number; readonly rows: number; readonly sentence: string }
  | { readonly event: 'phase'; readonly step: number; readonly phase: number; readonly trainable: number }
  | { readonly event: 'early-stop'; readonly step: number; readonly epoch: number; readonly metric: string }

/** Everything a training run needs to go on exactly where it stood, besides the arrays. */
export interface LoopState {
  /** Optimizer steps taken, skipped ones included. */
  readonly step: number
  readonly epoch: number
  /** Windows (optimizer steps) of this epoch already done. */
  readonly window: number
  readonly phase: number
  /** Optimizer steps that each parameter group has taken. */
  readonly groupSteps: readonly number[]
  readonly best: { readonly step: number; readonly value: number } | null
  /** Evaluations since the best one. */
  readonly sinceBest: number
  readonly skipped: number
  /** Non-finite steps in a row. */
  readonly badInARow: number
  /** Steps since the last `step` event, with the sums of what they report. */
  readonly unlogged: { readonly steps: number; readonly loss: number; readonly tokens: number; readonly seconds: number }
  readonly finished: boolean
  /** Rows to a micro-batch since memory ran out; left out where it has not. */
  readonly microBatch?: number
  /** Of fp16 alone. */
  readonly lossScale?: LossScale
}

/** How the loop reaches the world. */
export interface TrainingPorts {
  readonly emit: (event: TrainingEvent) => void
  /** Writes a checkpoint of the arena as it stands: `last` to go on from, `best` to test with. */
  readonly save: (kind: 'last' | 'best', state: LoopState) => Promise<void>
  /** Validation metrics with the weights as they stand. */
  readonly evaluate: () => Promise<Readonly<Record<string, number>>>
  /** Seconds on a clock that only runs forward. */
  readonly now: () => number
  /** Bytes that the process takes now: all that is resident, and without pages of mapped files. */
  readonly memory: () => { readonly resident: number; readonly own: number }
  /** Gives memory that is kept for later back to the system. */
  readonly trim: () => Promise<void>
  /** What is left of memory, looked at between steps; left out where nobody watches it. */
  readonly room?: RoomReader
  /** Told for how long a step waited while nothing was computed. */
  readonly onWait?: (what: Awaited, seconds: number) => void
  readonly signal: AbortSignal
  /** Asks to train no further: the run ends as if it had been planned so, with the best weights so far. */
  readonly finish: AbortSignal
}
