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
  /** Joules so far, read from the processor's counter or assumed from busy seconds; null on a card. */
  readonly energy: { readonly method: 'counter' | 'assumed'; readonly low: number; readonly high: number } | null
  /** Grams of CO2e to a kilowatt-hour, as the person said; null where they have not said. */
  readonly gridIntensity: number | null
}
