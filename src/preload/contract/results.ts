import type { TrainedId, DatasetId, Measured, RunId } from './common.ts'

/** Which rows of the test are looked at. */
export interface ReviewFilter {
  readonly id: RunId
  readonly only: 'errors' | 'all' | 'judged'
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
  readonly verdict: Verdict | null
}

/** What a person says of an answer. */
export interface Verdict {
  readonly kind: 'label-wrong' | 'model-wrong' | 'unclear'
  /** What the label should be; for `label-wrong` only. */
  readonly rightAnswer: string | null
  readonly note: string
}

/** What the verdicts on a run come to. */
export interface VerdictSummary {
  readonly labelWrong: number
  readonly modelWrong: number
  readonly unclear: number
  /** Right labels that no version of the data holds yet. */
  readonly waiting: number
  /** The newest version of the data that holds some; null where none does. */
  readonly dataset: DatasetId | null
  /** Test labels that were changed after this run was tested on them. */
  readonly changedAfter: number
  /** Test labels that were changed after an earlier run was tested on them, before this one. */
  readonly changedBefore: number
}

/** A stretch of the text, in UTF-16 units, and what it speaks for (positive) or against, in the unit of the logit. */
export interface AttributedWord {
  readonly start: number
  readonly end: number
  readonly value: number
}

export interface Attribution {
  /** The class whose answer it is about; null for scores. */
  readonly label: string | null
  readonly words: readonly AttributedWord[]
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
  readonly verdicts: VerdictSummary
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
  /** What the class comes to without a fixed threshold: where it is the most probable one, or from the threshold that training found on validation. */
  readonly without: ThresholdPoint
  /** Of this class. */
  readonly fixed: FixedThreshold | null
  /** Null where a text may have several classes: then no single answer is more or less sure. */
  readonly person: {
    /** By rising `below`. */
    readonly curve: readonly PersonPoint[]
    readonly choices: readonly { readonly id: string; readonly goal: string; readonly point: PersonPoint }[]
    readonly fixed: PersonPoint | null
  } | null
  /** Where a text may have several classes: the threshold of each as it is used now, on validation; `goal` null: as training found it there. */
  readonly labels:
    | readonly {
        readonly className: string
        readonly positives: number
        readonly point: ThresholdPoint
        readonly goal: string | null
      }[]
    | null
  readonly testLooks: number
}

/** How sure the model was, and how often it was right. */
export interface Reliability {
  readonly rows: number
  readonly bins: readonly { readonly sure: number; readonly right: number; readonly count: number }[]
  readonly ece: number
}

export interface CalibrationView {
  /** What divides the logits, fitted on validation: one, or one for each label. */
  readonly temperatures: readonly number[]
  /** On validation without it and with it; null for runs that did not keep their answers. */
  readonly before: Reliability | null
  readonly after: Reliability | null
  /** On the test, as the check. */
  readonly test: Reliability | null
}

export interface GroupRow {
  readonly name: string
  readonly rows: number
  readonly value: Measured | null
  /** From the mean of all other rows; null where there are none. */
  readonly difference: Measured | null
  /** Holm's correction for the number of groups is in it. */
  readonly p: number | null
  readonly isMerged: boolean
  /** Fewer than 20 rows. */
  readonly isFew: boolean
}

/** One metric of the test, group by group. */
export interface Groups {
  readonly by: string
  readonly ways: readonly { readonly id: string; readonly title: string }[]
  readonly metric: string
  readonly metrics: readonly { readonly id: string; readonly title: string; readonly isShare: boolean }[]
  readonly rows: readonly GroupRow[]
  /** Groups that were too small to stand alone. */
  readonly merged: number
}

export type ReportBlock =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** Without columns: pairs of a title and what it says. */
  | { readonly kind: 'table'; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }

/** The test report, to be read and printed. */
export interface ReportPage {
  readonly title: string
  readonly subtitle: string
  readonly headline: string
  readonly sections: readonly { readonly title: string; readonly blocks: readonly ReportBlock[] }[]
}

export interface ResultsApi {
  review(id: RunId): Review
  rows(request: ReviewRequest): ReviewPage
  /** Says what is wrong with a row, or takes that back (null). Saved at once. */
  judge(request: { readonly id: RunId; readonly line: number; readonly verdict: Verdict | null }): VerdictSummary
  /** Makes a new version of the data with the right labels. Resolves to it. */
  revise(id: RunId): DatasetId
  reportPage(id: RunId): ReportPage
  /** A ticket for the report as one HTML file. */
  reportFile(id: RunId): string
  calibration(id: RunId): CalibrationView
  /** Null: the first way, the first metric. */
  groups(request: { readonly id: RunId; readonly by: string | null; readonly metric: string | null }): Groups
  /** What the words of a text speak for or against. `line` null: the text is in no data set; `pair` is then the second text, where the run reads two. */
  attribute(request: {
    readonly id: TrainedId
    readonly line: number | null
    readonly text: string
    readonly pair: string | null
  }): Attribution
  /** `className` null: the class that must not be missed, else the rarest one. */
  thresholds(request: { readonly id: RunId; readonly className: string | null }): Thresholds
  /** Fixes the threshold and looks at the test once with it. */
  fixThreshold(request: {
    readonly id: RunId
    readonly className: string
    readonly threshold: number
    readonly goal: string
  }): Thresholds
  /** Where a text may have several classes: fixes for each the threshold that a choice means, and looks at the test once with all of them. */
  fixEvery(request: { readonly id: RunId; readonly className: string; readonly choice: string }): Thresholds
  /** Goes back to the most probable class, or to the threshold that training found. The look at the test stays counted. */
  dropThreshold(request: { readonly id: RunId; readonly className: string }): Thresholds
  /** Which answers go to a person; null: none. */
  fixPerson(request: { readonly id: RunId; readonly className: string; readonly below: number | null }): Thresholds
}
