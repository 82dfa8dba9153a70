import type { DatasetId, FileHandle, Progress, ProjectId } from './common.ts'

export interface ColumnSummary {
  readonly name: string
  /** What its cells look like: long text, a few different answers, numbers, ids that repeat, marked passages of the text, or answers to questions about it. */
  readonly looksLike: 'text' | 'classes' | 'number' | 'id' | 'marks' | 'answers' | 'empty' | 'other'
  /** Different values among the rows read so far; null above 1,000. */
  readonly distinct: number | null
  readonly empty: number
}

/**
 * Which column is what. The sentence above the table: Read `text` predict `answer`, or find what is marked in `answer`, or answer `textPair` with a passage
 * given in `answer`; together by `group`.
 */
export interface Roles {
  /**
   * `token-classification`: the answer is a column of marked passages of the text. `question-answering`: it holds the passages that answer a question,
   * which stands in `textPair` or is one of `questions`.
   */
  readonly task: 'text-classification' | 'token-classification' | 'question-answering' | 'regression'
  readonly text: string | null
  readonly textPair: string | null
  readonly answer: string | null
  /**
   * The same questions for every text, each in one or several wordings, by the kind of marks that answers it; null or left out where a column holds the
   * questions, and for every other task.
   */
  readonly questions?: Readonly<Record<string, readonly string[]>> | null | undefined
  /** What divides several answers in one cell (`; ` in "a; b"): any number of classes for each text. Null: exactly one. */
  readonly separator: string | null
  readonly group: string | null
  /** The question that must be answered: "Do several rows belong to one person or matter?" Null: not answered yet. */
  readonly belonging: 'column' | 'no' | 'unknown' | null
}

/** How rows are divided into those to learn from, to choose by and to test on. */
export interface SplitSettings {
  /** Shares; they add up to 1. */
  readonly train: number
  readonly validation: number
  readonly test: number
  /** The same draw gives the same parts, whatever the seed of a run. */
  readonly seed: number
  /** The column that says the part of each row; null where rows are drawn. */
  readonly column: string | null
  /** The column with the date of each row: the oldest are learned from, the newest tested on; null where time plays no part. */
  readonly date: string | null
  /** How many folds test every row once, each by a training of its own; null where the test is cut once. */
  readonly folds: number | null
  /** What evens classes out while training: nothing; rare ones count more; rows of rare ones are repeated. */
  readonly balance: 'none' | 'weights' | 'repeat'
  /** Rows of a class that are trained on at most; null for all of them. Validation and test keep theirs. */
  readonly cap: number | null
}

/** Where a data set stands among its versions. A version never changes; another one is made from it. */
export interface VersionFacts {
  /** The version that the file itself is. */
  readonly root: DatasetId
  readonly parent: DatasetId | null
  /** From 1, in the order in which they were made. */
  readonly version: number
  /** What was changed: "12 labels corrected". Null for the file itself. */
  readonly note: string | null
}

export interface DatasetSummary extends VersionFacts {
  readonly id: DatasetId
  readonly project: ProjectId
  /** The file's name without its folder. */
  readonly name: string
  /** Set for the bundled practice data. */
  readonly sample: string | null
  readonly columns: readonly ColumnSummary[]
  readonly rows: number
  /** How the file was read: `UTF-8`, and what stands between cells, null where nothing does. */
  readonly readAs: { readonly encoding: string; readonly delimiter: string | null }
  readonly roles: Roles
  readonly split: SplitSettings
  /** ISO 8601. */
  readonly addedAt: string
}

export interface DatasetVersion extends VersionFacts {
  readonly id: DatasetId
  readonly rows: number
  /** ISO 8601. */
  readonly addedAt: string
}

/** How a file is to be read instead; what is left out is recognised again. */
export interface ReadAs {
  readonly encoding?: string | undefined
  readonly delimiter?: string | undefined
  /** The line with the column names, from 1; 0 where the file names none. */
  readonly header?: number | undefined
  /** The sheet of a workbook, from 1. */
  readonly sheet?: number | undefined
  /** Leaves out rows that cannot be read, and lists them. */
  readonly leaveOut?: boolean | undefined
}

/** One change of a table. Rows are named by the line at which they start in the file: it stays the same in every version. */
export type DataEdit =
  | {
      readonly kind: 'set'
      readonly cells: readonly { readonly line: number; readonly column: string; readonly value: string }[]
    }
  | { readonly kind: 'drop'; readonly lines: readonly number[] }
  /** Renames a class, or merges several into one; '' takes the answer away. Of marked passages the kinds. */
  | { readonly kind: 'rename'; readonly column: string; readonly from: readonly string[]; readonly to: string }
  /** Drops the rows of these classes. */
  | { readonly kind: 'drop-classes'; readonly column: string; readonly classes: readonly string[] }
  | { readonly kind: 'add-column'; readonly column: string }

export interface Revision {
  readonly id: DatasetId
  readonly edits: readonly DataEdit[]
  /** In the person's words; null: what was changed is counted. */
  readonly note: string | null
}

/** Something about the data that the person should know; `rows` counts those it concerns. */
export interface Finding {
  readonly code: string
  readonly sentence: string
  readonly rows: number
  readonly weight: 'stops' | 'look' | 'fyi'
  /** Whether the rows that it is about can be shown. */
  readonly hasRows: boolean
  /** What would put it right, each in a new version. */
  readonly fixes: readonly FixId[]
}

export type FixId = 'drop' | 'merge' | 'relabel'

export interface Bin {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** Questions about texts, as training would use them. */
export interface QuestionFacts {
  readonly asked: number
  readonly unanswered: number
  /** Different texts that they are asked of. */
  readonly texts: number
  /** Questions with an answer by the kind of marks that answers them; null where a column holds the questions. */
  readonly kinds: readonly { readonly name: string; readonly count: number }[] | null
  /** First answers by their number of words. */
  readonly answerLengths: readonly Bin[]
}

/** What the data are like under the present roles. */
export interface DatasetReport {
  readonly id: DatasetId
  readonly roles: Roles
  readonly rows: { readonly total: number; readonly usable: number }
  /** Rows of each class, the most frequent first; null where there are no classes. */
  readonly classes: readonly { readonly name: string; readonly count: number }[] | null
  /** Marked passages of each kind, the most frequent first; null where no marks are learned from. */
  readonly kinds: readonly { readonly name: string; readonly count: number }[] | null
  /** What is asked of the texts; null where no questions are answered. */
  readonly questions: QuestionFacts | null
  /** The scores; null where there are none. */
  readonly scores: readonly Bin[] | null
  /** Texts by their number of words. */
  readonly lengths: readonly Bin[]
  readonly split: {
    readonly train: number
    readonly validation: number
    readonly test: number
    readonly by: string | null
    /** Why rows lie where they lie: drawn; told by a column; by their dates; kept from the version before, so that results compare. */
    readonly from: 'draw' | 'column' | 'date' | 'version'
    /** Folds that each are the test once; the parts are then those of the first. Null where the test is cut once. */
    readonly folds: number | null
  } | null
  readonly findings: readonly Finding[]
  /** Why training cannot start with these data; null where it can. */
  readonly blocked: string | null
}

export interface RowsPage {
  readonly from: number
  /** The line of the file at which each row starts. */
  readonly lines: readonly number[]
  /** Cells of each row, in the order of the columns, cut at 2,000 characters. */
  readonly rows: readonly (readonly string[])[]
}

/** A page of the rows that a finding is about. */
export interface FindingPage extends RowsPage {
  readonly total: number
  /** What is said of each row; null where there is nothing to say. */
  readonly remarks: readonly string[] | null
}

/** The first rows of a file as they would be read. */
export interface ReadPreview {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly encoding: string
  readonly delimiter: string | null
  readonly kind: 'delimited' | 'lines' | 'workbook'
  /** Names of a workbook's sheets, in their order. */
  readonly sheets: readonly string[]
}

/** A bundled practice set. */
export interface PracticeData {
  readonly id: string
  readonly title: string
  readonly about: string
  readonly task: Roles['task']
}

export interface DataApi {
  /** The bundled practice sets by their ids, the letters first. */
  samples(): readonly PracticeData[]
  openSample(id: string): DatasetSummary
  open(file: FileHandle): DatasetSummary
  /** The first rows of a file that is not open yet, read as the person says. */
  previewFile(request: { readonly file: FileHandle; readonly read: ReadAs }): ReadPreview
  /** Opens a file that cannot be read as it is recognised. */
  openAs(request: { readonly file: FileHandle; readonly read: ReadAs }): DatasetSummary
  /** Text files without labels: each becomes a row. */
  openDocuments(files: readonly FileHandle[]): DatasetSummary
  list(): readonly DatasetSummary[]
  get(id: DatasetId): DatasetSummary
  rows(request: { readonly id: DatasetId; readonly from: number; readonly count: number }): RowsPage
  setRoles(request: { readonly id: DatasetId; readonly roles: Roles }): DatasetReport
  setSplit(request: { readonly id: DatasetId; readonly split: SplitSettings }): DatasetReport
  report(id: DatasetId): DatasetReport
  /** Makes a new version. Refuses changes that change nothing. */
  revise(request: Revision): DatasetSummary
  /** Makes a new version in which the rows of another data set are the test. */
  testOn(request: { readonly id: DatasetId; readonly test: DatasetId }): DatasetSummary
  findingRows(request: {
    readonly id: DatasetId
    readonly code: string
    readonly from: number
    readonly count: number
  }): FindingPage
  fix(request: { readonly id: DatasetId; readonly code: string; readonly fix: FixId }): DatasetSummary
  /** The first rows of the person's file, read in another way. */
  preview(request: { readonly id: DatasetId; readonly read: ReadAs }): ReadPreview
  /** Reads the person's file in another way, into a new version. */
  reread(request: { readonly id: DatasetId; readonly read: ReadAs }): DatasetSummary
  /** Every version of the same file, the first one first. */
  versions(id: DatasetId): readonly DatasetVersion[]
  remove(id: DatasetId): void
}

/** How much of a file's bytes was read, from 0 to 1, and the seconds that the rest will take; null while nobody can say. */
export interface ReadShare {
  readonly share: number
  readonly secondsLeft: number | null
}

export interface DataEvents {
  /** While a file is being read. */
  reading: Progress & { readonly name: string; readonly read?: ReadShare }
  /** While a large table is looked through: `counting` its rows, then `checking` them against each other. */
  looking: Progress & { readonly id: DatasetId }
}
