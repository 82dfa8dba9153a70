import type { FileHandle, Measured, RunId } from './common.ts'
import type { RunDraft, RunPlan } from './runs.ts'
import type { DeviceGuess, RunEffort } from './speed.ts'

/** What a run was started with, for *Train again with other settings*. */
export interface RunOrigin {
  /** Null for a run that this version did not start. */
  readonly draft: RunDraft | null
  /** Why its data or its model cannot be used now, one sentence; null where they can. */
  readonly problem: string | null
}

/** What this PC says of its power: `none` has no battery, `unknown` does not say. */
export type PowerState = 'mains' | 'battery' | 'none' | 'unknown'

/** A run tested on rows of another file. */
export interface OtherTest {
  readonly rows: number
  /** How often these rows have been looked at by now. */
  readonly looks: number
  readonly metrics: readonly { readonly name: string; readonly measured: Measured }[]
  readonly notes: readonly string[]
}

export interface SupervisionApi {
  origin(id: RunId): RunOrigin
  /** Rows to a batch with which a run that ran out of memory would fit; null where memory was not the cause or nothing fits. */
  smaller(id: RunId): number | null
  /** Goes on with smaller batches, as many more of them to a step: what is learned stays what was asked for. */
  resumeSmaller(request: { readonly id: RunId; readonly batch: number }): void
  /** Puts a run that waits at another place, counted from 1. */
  move(request: { readonly id: RunId; readonly place: number }): void
  power(): PowerState
  /** Tries one step of the run to say how long it takes; null where another run is under way. A newer question ends the older one. */
  measure(draft: RunDraft): RunPlan['time']
  stopMeasuring(): void
  /** What would compute the run if that were left open. */
  guessDevice(draft: RunDraft): DeviceGuess
  /** What the run would take. `isTried`: a step of it is tried in a process of its own, which takes seconds and says how long the training lasts. */
  effort(request: { readonly draft: RunDraft; readonly isTried: boolean }): RunEffort
  /** Ends the working out of efforts. */
  stopEffort(): void
  /** Tests a finished run on another file with the columns of its data. */
  evaluate(request: { readonly id: RunId; readonly file: FileHandle }): OtherTest
  /** The run.yaml that a run was made with. */
  yaml(id: RunId): string
}
