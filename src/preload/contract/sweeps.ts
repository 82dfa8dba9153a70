import type { SweepCost } from './costs.ts'
import type { Measured, RunId, SettingValue, SweepId } from './common.ts'
import type { RunDraft, RunPlan, RunSummary } from './runs.ts'

/** A setting by its path in run.yaml, and the values to be tried, as they were typed. */
export interface SweepAxis {
  readonly path: string
  readonly values: readonly SettingValue[]
}

export interface SweepRequest {
  readonly draft: RunDraft
  /** One or two. */
  readonly axes: readonly SweepAxis[]
  /** Whether runs that are poorer than half of the others are ended; not where it is left out. */
  readonly endEarly?: boolean | undefined
}

/** What a sweep would come to. */
export interface SweepPlan {
  readonly runs: number
  /** Of all runs together; null while nobody knows. */
  readonly time: RunPlan['time']
  /** What keeps it from starting, one sentence. */
  readonly problem: string | null
  /** Why poor runs could not be ended early, one sentence; null where they can. */
  readonly endEarlyProblem: string | null
}

export interface PriorRequest {
  readonly draft: RunDraft
  readonly paths: readonly string[]
}

/** What a setting was in an earlier run, and values around it to try: that one first. */
export interface PriorSetting {
  readonly path: string
  readonly value: SettingValue
  readonly around: readonly SettingValue[]
}

/** Where earlier runs on the same data and model say to begin. */
export interface SweepPrior {
  readonly run: { readonly id: RunId; readonly name: string }
  readonly metric: string
  /** By that metric, on validation. */
  readonly value: number
  /** How many finished runs it is the best of. */
  readonly among: number
  /** Of the paths that were asked for, those with values to try. */
  readonly settings: readonly PriorSetting[]
}

export interface SweepRun {
  readonly run: RunSummary
  /** In the order of the sweep's axes. */
  readonly values: readonly SettingValue[]
  /** The deciding metric on validation; without an interval while it trains. */
  readonly validation: Measured | null
  readonly isBest: boolean
}

/** What runs that were ended early did not do. */
export interface SweepSaved {
  readonly runs: number
  readonly steps: number
  /** Those steps by the time that the steps of the same runs took; null where that is not known of each. */
  readonly seconds: number | null
}

export interface Sweep {
  readonly id: SweepId
  readonly name: string
  readonly axes: readonly string[]
  readonly metric: string
  readonly lessIsBetter: boolean
  /** How many runs it began with. */
  readonly tried: number
  /** Whether it ends poor runs early. */
  readonly endsEarly: boolean
  /** What that has left out so far; null where none was ended early, or each was resumed. */
  readonly saved: SweepSaved | null
  /** The best on validation first, then those that were ended early; those that have no value yet last. */
  readonly runs: readonly SweepRun[]
  /** Null until a run has ended. */
  readonly cost: SweepCost | null
}

export interface SweepsApi {
  plan(request: SweepRequest): SweepPlan
  /** Null where no finished run is like the draft. */
  prior(request: PriorRequest): SweepPrior | null
  /** The values nearest to those that were best so far come first. */
  start(request: SweepRequest): SweepId
  get(id: SweepId): Sweep
  pause(id: SweepId): void
  resume(id: SweepId): void
  /** Trains no further: what waits is dropped, what trains keeps its best. */
  stop(id: SweepId): void
  discard(id: SweepId): void
  /** Looks at the test rows for this run. */
  test(id: RunId): void
}
