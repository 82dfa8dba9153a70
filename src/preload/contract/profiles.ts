import type { RunId } from './common.ts'

/** Milliseconds of one step by when they are spent: on the way to the loss, once more for what was not kept, on the way back. */
export interface PartTimes {
  readonly forward: number
  readonly recomputed: number
  readonly backward: number
}

/** What a layer or an operator takes of a step. */
export interface TimeRow {
  readonly name: string
  /** Runs of a kernel. */
  readonly calls: number
  readonly parts: PartTimes
  readonly milliseconds: number
  /** Of all operators' time. */
  readonly share: number
  /** 10⁹ floating-point operations of matrix products a second; null where there are none. */
  readonly gflopPerSecond: number | null
}

/** Where the time of a run's step goes, in milliseconds, as a mean over some steps. */
export interface RunProfile {
  /** ISO 8601. */
  readonly at: string
  readonly device: string
  readonly steps: number
  readonly texts: number
  readonly tokens: number
  readonly microBatches: number
  /** Beside the step: the next batch and its dropout masks. */
  readonly preparing: number
  readonly computing: number
  readonly norm: number
  readonly optimizer: number
  /** Null where a graphics card computes, whose kernels are not timed. */
  readonly operators: {
    readonly parts: PartTimes
    readonly milliseconds: number
    readonly gflopPerSecond: number | null
    /** In the order in which a text goes through the model. */
    readonly blocks: readonly TimeRow[]
    /** The longest first. */
    readonly operators: readonly TimeRow[]
  } | null
}

export interface ProfilesApi {
  /** What was measured last; null where nothing was. */
  get(id: RunId): RunProfile | null
  /** Makes a few steps of the run in a process of its own, with the profiler on. Nothing is trained. A newer question ends the older one. */
  measure(id: RunId): RunProfile
  stop(): void
}

export interface ProfilesEvents {
  /** How far a measurement is. */
  progress: { readonly id: RunId; readonly phase: string; readonly done: number; readonly total: number }
}
