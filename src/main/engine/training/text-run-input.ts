import type { Runtime } from '../runtime/port.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import type { Examples } from './examples.ts'
import type { WeightSource } from './feeding.ts'
import type { StartValues } from './initialise.ts'
import type { ModelDefinition } from './model-definition.ts'
import type { ModelFolder } from './model-folder.ts'
import type { TrainingEvent, TrainingPorts } from './ports.ts'
import type { RunSettings } from './run-settings.ts'
import type { BatchWork } from './stepper.ts'
import type { Targets, TargetSettings } from './targets.ts'

export interface SplitRows {
  readonly train: Int32Array
  readonly validation: Int32Array
  readonly test: Int32Array
}

export interface TextRunInput {
  readonly runtime: Runtime
  readonly model: ModelFolder
  readonly definition: ModelDefinition
  readonly weights: WeightSource
  /** First values besides the model's own; left out or null for none. */
  readonly start?: StartValues | null
  readonly tokenizer: Tokenizer
  /** What each row is answered with; null where words are (`Examples.tagged`) and for masked-lm. */
  readonly targets: Targets | null
  readonly targetSettings: TargetSettings
  readonly examples: { readonly train: Examples; readonly validation: Examples; readonly test: Examples }
  readonly settings: RunSettings
  /** The run's folder: checkpoints go there. */
  readonly folder: string
  readonly cacheFolder: string
  readonly modelKey: string
  /** What the run's checkpoints are of: the first is written, any of them is gone on from. */
  readonly plans: readonly [string, ...string[]]
  readonly signal: AbortSignal
  /** Asks to train no further. */
  readonly finish: AbortSignal
  readonly emit: (event: TrainingEvent) => void
  /** Progress of what comes before the first step. */
  readonly onPrepare: (what: 'prefix', done: number, total: number) => void
  /** Told of each micro-batch of training that was computed. */
  readonly onBatch?: (work: BatchWork) => void
  /** Told that the run went back to the checkpoint at `step` (0: its beginning), since memory ran out; what came after is made again. */
  readonly onBack: (step: number, sentence: string) => Promise<void>
  readonly now: () => number
  readonly memory: TrainingPorts['memory']
  readonly room?: TrainingPorts['room']
  readonly onWait?: TrainingPorts['onWait']
  /** Validation metrics from the logits of the validation rows, or of their units. */
  readonly judge: (
    logits: Float32Array,
    rows: Int32Array,
    /** The values of a trained tensor as they stand. */
    tensor: (name: string) => Promise<Float32Array>
  ) => Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>
}
