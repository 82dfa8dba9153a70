import type { Measured, RunId } from './common.ts'

/** Whether two runs differ by more than chance. */
export interface ComparedPair {
  readonly first: RunId
  readonly second: RunId
  /** first − second in the metric that decides; null where the rows do not define it. */
  readonly difference: Measured | null
  /** The deciding metric's test first. `adjustedP` is corrected by Holm's method for the number of pairs. */
  readonly tests: readonly {
    readonly metric: string
    readonly method: 'mcnemar-exact' | 'sign-flip' | 'randomisation' | 'paired-bootstrap'
    readonly p: number
    readonly adjustedP: number
  }[]
  /** The better run at 5 %, after correction; null where they cannot be told apart. */
  readonly better: RunId | null
}

/** A run that could not be tested against the others, and why. */
export interface UnfitRun {
  readonly run: RunId
  readonly reason: 'no-answers' | 'other-task' | 'other-classes' | 'other-rows' | 'other-labels'
  /** Test rows that it shares with the tested runs; of `other-labels` the rows whose labels differ. */
  readonly shared: number
}

/** Several runs, pair by pair, on the test rows that they share. */
export interface Comparison {
  /** The metric that decides; null where no two runs were tested on the same rows. */
  readonly metric: string | null
  /** Test rows of the runs that were compared. */
  readonly rows: number
  readonly pairs: readonly ComparedPair[]
  readonly unfit: readonly UnfitRun[]
}

export interface CompareApi {
  /** Two to six runs. Uses the answers that were stored when each was tested: the test set is not consulted again. */
  tests(ids: readonly RunId[]): Comparison
}
