import type { Limits } from './limits.ts'
import type { Encoding } from './source/encoding.ts'
import type { FixedQuestions } from './questions/ask-of-each.ts'
import type { AnswerStretch } from './questions/parse-answers.ts'
import type { Span } from './spans/span.ts'

export type DataTask = 'text-classification' | 'token-classification' | 'question-answering' | 'regression' | 'masked-lm'
export type ProblemType =
  'single_label_classification' | 'multi_label_classification' | 'token-classification' | 'question-answering' | 'regression'

/** Shares of the rows; they add up to 1. */
export interface Fractions {
  readonly train: number
  readonly validation: number
  readonly test: number
}

/** What to read: the `data` section of a run, with file paths already resolved. Column names are those of the files' headers. */
export interface DatasetSpec {
  readonly task: DataTask
  readonly problem_type?: 'single_label_classification' | 'multi_label_classification'
  /** One file to be split, or else `train` with `validation` and `test` where the person has split the rows. */
  readonly file?: string
  readonly train?: string
  readonly validation?: string
  readonly test?: string
  readonly text: string
  readonly text_pair?: string
  readonly label?: string
  /** Between the labels of a multi-label cell; `;` when left out. A cell of separators alone means "none of the labels". */
  readonly label_separator?: string
  /** Of marks that overlap: refuse them, or keep the outermost. Left out, they are refused. */
  readonly overlapping?: 'refuse' | 'outermost'
  /** Questions asked of every text, instead of those in the column `text_pair`; `label` then holds marks. */
  readonly questions?: FixedQuestions
  readonly group?: string
  readonly id?: string
  readonly encoding?: string
  readonly delimiter?: string
  readonly split?: Fractions
  /** The column that says the part of each row; rows whose cell is empty are still to be split. */
  readonly split_column?: string
  /** The column with the date of each row, by which the rows are split: the oldest to train on, the newest to test on. */
  readonly split_date?: string
  /** The classes of an earlier run, in its order: labels are matched against them, and one class alone is no error. `[]` for a regression. */
  readonly classNames?: readonly string[]
  readonly limits?: Limits
}

/** Who may use the rows of a file: `all` are still to be split; the others were split by the person. */
export type FileRole = 'all' | 'train' | 'validation' | 'test'

export interface DatasetFile {
  readonly path: string
  /** The file's name for messages: the base name, or the path where two files share one. */
  readonly name: string
  readonly role: FileRole
  readonly encoding: Encoding
  readonly delimiter: string | null
  /** Rows in the file, and rows that are used. */
  readonly rows: number
  readonly used: number
}

/**
 * What the rows are labelled with. `class`: class ids, [rows]. `multi_hot`: 0 or 1, [rows, classes] row by row.
 * `target`: numbers, [rows]. `spans`: the marked passages of each row, in order and apart. `answers`: the right answers to each row's question, none where its text
 * has none, and the number of the question where the same ones are asked of every text. `none` for tasks that learn from the text alone.
 */
export type Labels =
  | { readonly kind: 'class'; readonly values: Int32Array }
  | { readonly kind: 'multi_hot'; readonly values: Uint8Array }
  | { readonly kind: 'target'; readonly values: Float64Array }
  | { readonly kind: 'spans'; readonly values: readonly (readonly Span[])[] }
  | { readonly kind: 'answers'; readonly values: readonly (readonly AnswerStretch[])[]; readonly kinds: Int32Array | null }
  | { readonly kind: 'none' }

export type SkipReason = 'empty_text' | 'empty_text_pair' | 'missing_label'

export interface SkippedRow {
  readonly file: number
  readonly line: number
  readonly reason: SkipReason
}

/** Something the person should know although nothing is refused. */
export interface Note {
  readonly code: string
  readonly message: string
}

/** The usable rows of all files, column by column, in file order. */
export interface Dataset {
  readonly task: DataTask
  readonly problemType: ProblemType | null
  readonly files: readonly DatasetFile[]
  /** Number of usable rows. */
  readonly count: number
  readonly texts: readonly string[]
  readonly pairs: readonly string[] | null
  readonly labels: Labels
  /** Sorted: numbers by value, then text with runs of digits compared as numbers. */
  readonly classNames: readonly string[]
  /** Rows per class; of questions asked of every text, the rows with an answer; of marks, the rows that have one of the type. */
  readonly classCounts: readonly number[]
  /** Group of each row; `''` where the row names none and stands alone. */
  readonly groups: readonly string[] | null
  readonly ids: readonly string[] | null
  /** Part of each row as the person fixed it: 0 train, 1 validation, 2 test, -1 still to be split. */
  readonly parts: Int8Array | null
  /** Date of each row in milliseconds since 1970, NaN where it has none; null where rows are not split by date. */
  readonly dates: Float64Array | null
  /** Line (from 1) at which each row starts in its file. */
  readonly lines: Int32Array
  /** Index into `files` for each row. */
  readonly fileOf: Uint8Array
  /** The first rows left out, at most 1,000; `skippedCounts` counts all. */
  readonly skipped: readonly SkippedRow[]
  readonly skippedCounts: Readonly<Record<SkipReason, number>>
  readonly notes: readonly Note[]
  /** SHA-256 (hex) of the used texts, pairs, labels, groups and roles, in order. */
  readonly contentHash: string
}
