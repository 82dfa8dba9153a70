import type { Measured, RunId } from './common.ts'

/** Which rows of the test are looked at. */
export interface ReviewFilter {
  readonly id: RunId
  readonly only: 'errors' | 'all'
  /** What the data say, and what the model says; null for any. */
  readonly answer: string | null
  readonly predicted: string | null
}

export interface ReviewRequest extends ReviewFilter {
  readonly from: number
  readonly count: number
}

/** A row of the test, as the model saw and answered it. */
export interface ReviewRow {
  /** Line in the file. */
  readonly line: number
  readonly text: string
  readonly answer: string
  readonly predicted: string
  /** Probability of what was said; null for scores. */
  readonly sureness: number | null
  readonly isRight: boolean
}

/** Rows `from` … of those that the filter lets through, the worst first. */
export interface ReviewPage {
  readonly total: number
  readonly from: number
  readonly rows: readonly ReviewRow[]
}

/** What there is to review of a run. */
export interface Review {
  /** Whether every row can be looked at; a run made before its answers were kept shows its worst errors only. */
  readonly isWhole: boolean
  readonly rows: number
  readonly errors: number
  /** Kinds of error, the most frequent first; empty where there are no classes. */
  readonly kinds: readonly { readonly answer: string; readonly predicted: string; readonly count: number }[]
}

/** What calling out one class from a probability on comes to. */
export interface ThresholdPoint {
  readonly threshold: number
  /** Rows called out, and those of them that are of the class. */
  readonly alarms: number
  readonly hits: number
  /** Share of the class that is found; null where the rows hold none of it. */
  readonly recall: Measured | null
  /** Share of the alarms that are right; null without an alarm. */
  readonly precision: Measured | null
}

/** A point that answers a wish, such as "miss at most 1 in 20". */
export interface ThresholdChoice {
  readonly id: string
  /** The wish in words. */
  readonly goal: string
  readonly point: ThresholdPoint
}

/** What leaving unsure answers to a person comes to. */
export interface PersonPoint {
  /** Answers less sure than this go to a person. */
  readonly below: number
  readonly kept: number
  /** Share of the rows that are answered without a person. */
  readonly coverage: number
  readonly accuracy: Measured | null
}

export interface FixedThreshold {
  readonly className: string
  readonly threshold: number
  readonly goal: string
  /** ISO 8601. */
  readonly fixedAt: string
  /** What it came to on the test rows, looked at once for it. */
  readonly test: { readonly rows: number; readonly positives: number; readonly point: ThresholdPoint }
}

/** Everything the Threshold tab shows. All of it but `fixed.test` is counted on validation. */
export interface Thresholds {
  /** The class that is called out; all others are the rest. */
  readonly className: string
  readonly classes: readonly string[]
  readonly rows: number
  readonly positives: number
  /** By falling threshold; thinned where there are very many. */
  readonly curve: readonly ThresholdPoint[]
  readonly choices: readonly ThresholdChoice[]
  /** What the most probable class comes to without a threshold. */
  readonly without: ThresholdPoint
  readonly fixed: FixedThreshold | null
  readonly person: {
    /** By rising `below`. */
    readonly curve: readonly PersonPoint[]
    readonly choices: readonly { readonly id: string; readonly goal: string; readonly point: PersonPoint }[]
    readonly fixed: PersonPoint | null
  }
  readonly testLooks: number
}

export interface ResultsApi {
  review(id: RunId): Review
  rows(request: ReviewRequest): ReviewPage
  /** `className` null: the class that must not be missed, else the rarest one. */
  thresholds(request: { readonly id: RunId; readonly className: string | null }): Thresholds
  /** Fixes the threshold and looks at the test once with it. */
  fixThreshold(request: {
    readonly id: RunId
    readonly className: string
    readonly threshold: number
    readonly goal: string
  }): Thresholds
  /** Goes back to the most probable class. The look at the test stays counted. */
  dropThreshold(request: { readonly id: RunId; readonly className: string }): Thresholds
  /** Which answers go to a person; null: none. */
  fixPerson(request: { readonly id: RunId; readonly className: string; readonly below: number | null }): Thresholds
}
