/** What a run takes, as of the newest steps. */
export interface RunCost {
  readonly step: number
  /** Floating-point operations in products of matrices so far, and in a second of the newest steps. */
  readonly operations: number
  readonly rate: number
  /** The most that this PC was measured to do in a second; null where it was not. */
  readonly machineRate: number | null
  readonly rowsPerSecond: number
  readonly tokensPerSecond: number
  /** Bytes, now and at their height. */
  readonly memory: number
  readonly peakMemory: number
  /** Share of the run's processor threads that were busy, 0 to 1. */
  readonly busy: number
  /** The card, where one computes and says so: share of time in use, bytes of its memory. */
  readonly card: { readonly busy: number | null; readonly used: number; readonly total: number } | null
  /** Joules so far; null on a card that does not tell. */
  readonly energy: RunEnergy | null
  /** Grams of CO2e to a kilowatt-hour, as the person said; null where they have not said. */
  readonly gridIntensity: number | null
  /** What holds the run up most, where that is worth a word: rows that are not ready, or checkpoints that are written. */
  readonly waitsFor: 'rows' | 'disk' | null
  readonly reused: Reused
}

/** Joules: read from the processor's counter, or assumed from busy seconds. */
export interface RunEnergy {
  readonly method: 'counter' | 'assumed'
  /** Those of a card included. */
  readonly low: number
  readonly high: number
  /** Of these, a card's: read from its counter, or its power times the time. */
  readonly card?: { readonly method: 'counter' | 'power'; readonly joules: number }
}

/** What was read from caches instead of being computed. */
export interface Reused {
  /** Passes of a row through frozen layers. */
  readonly passes: number
  /** Rows whose vectors an earlier run had left. */
  readonly found: number
  /** What computing them took when it was done; null where nobody knows. */
  readonly seconds: number | null
  /** Rows whose tokens were there. */
  readonly texts: number
}

/** What the runs of a sweep took together. */
export interface SweepCost {
  /** Of how many runs it is known; those that have not ended are not counted. */
  readonly runs: number
  /** Whether a part of one of them is not counted. */
  readonly isPartial: boolean
  readonly seconds: number
  /** Of processor threads, added up. */
  readonly busySeconds: number
  readonly tokens: number
  /** Null where a card does not tell. */
  readonly energy: RunEnergy | null
  readonly gridIntensity: number | null
  readonly reused: Reused
}
