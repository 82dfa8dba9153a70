import type { DatasetId, Measured, RunId } from './common.ts'
import type { DatasetSummary } from './data.ts'

export interface LabelClass {
  readonly name: string
  /** The single key that marks with it; null where it has none. */
  readonly key: string | null
  /** Rows that have it, marks that are not yet in a version included. */
  readonly count: number
}

/** How far the labelling of a data set is. */
export interface LabelBook {
  readonly id: DatasetId
  /** The column that labels go into; a new one where the table has no answers. */
  readonly column: string
  /** What divides several classes in one cell; null where each row has exactly one. */
  readonly separator: string | null
  readonly classes: readonly LabelClass[]
  /** Rows with a text. */
  readonly total: number
  readonly labelled: number
  /** Rows marked here that are not yet in a version. */
  readonly pending: number
  /** When the last mark was written, ISO 8601; null where there is none. */
  readonly savedAt: string | null
  /** What is still needed before training, as a sentence; null where it is enough. */
  readonly missing: string | null
  /** The trained run that can suggest; null where there is none. */
  readonly suggester: { readonly run: RunId; readonly name: string } | null
  /** Everybody with labels of their own here. */
  readonly people: readonly string[]
}

export type LabelFilter = 'all' | 'unlabelled' | 'labelled' | 'skipped' | 'doubtful' | 'diverse'

/** Rows to go through, by the lines at which they start in the file. */
export interface LabelQueue {
  readonly lines: readonly number[]
  /** How many there are; `lines` has the first 5,000. */
  readonly total: number
}

export interface LabelRow {
  readonly line: number
  /** Place in the table, from 1. */
  readonly position: number
  /** The beginning of the text. */
  readonly preview: string
  readonly value: string | null
  readonly skipped: boolean
}

export interface LabelDocument extends Omit<LabelRow, 'preview'> {
  readonly text: string
  readonly pair: string | null
}

/** What the suggester thinks; never a label until the person says so. */
export interface Suggestion {
  readonly line: number
  readonly label: string
  readonly sureness: number
}

/** Two people whose answers are compared; '' for the data's own. */
export interface TwoPeople {
  readonly id: DatasetId
  readonly first: string
  readonly second: string
}

/** How far two people's labels agree, over the rows that both labelled. */
export interface LabelAgreement {
  readonly rows: number
  /** Cohen's kappa; null where it is not defined, as with one class throughout. */
  readonly kappa: Measured | null
  /** How often they say the same. */
  readonly same: Measured | null
  readonly disagreements: readonly {
    readonly line: number
    /** Place in the table, from 1. */
    readonly position: number
    readonly preview: string
    readonly first: string
    readonly second: string
    /** What was settled; null where nothing was. */
    readonly settled: string | null
  }[]
}

/** `by`: whose labels; the data's own where left out. */
type Of<More> = { readonly id: DatasetId; readonly by?: string | undefined } & Readonly<More>

export interface LabelsApi {
  open(request: Of<unknown>): LabelBook
  queue(request: Of<{ filter: LabelFilter }>): LabelQueue
  rows(request: Of<{ lines: readonly number[] }>): readonly LabelRow[]
  document(request: Of<{ line: number }>): LabelDocument
  /** Answers when the mark is on the disk. Null takes the label away. */
  mark(request: Of<{ line: number; value: string | null }>): LabelBook
  skip(request: Of<{ line: number; skipped: boolean }>): LabelBook
  /** Adds a class, or gives one another key. */
  setClass(request: Of<{ name: string; key: string | null }>): LabelBook
  /** Renames a class; into the name of another one it is merged with it. */
  renameClass(request: Of<{ from: string; to: string }>): LabelBook
  agreement(request: TwoPeople): LabelAgreement
  /** Says what is right in a row: that goes into the next version, whoever said what. */
  settle(request: Of<{ line: number; value: string }>): LabelBook
  suggest(request: { readonly id: DatasetId; readonly lines: readonly number[] }): readonly Suggestion[]
  /** Makes a new version with the marks. */
  use(id: DatasetId): DatasetSummary
}
