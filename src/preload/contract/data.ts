import type { DatasetId, FileHandle, Progress, ProjectId } from './common.ts'

export interface ColumnSummary {
  readonly name: string
  /** What its cells look like: long text, a few different answers, numbers, or ids that repeat. */
  readonly looksLike: 'text' | 'classes' | 'number' | 'id' | 'empty' | 'other'
  /** Different values among the rows read so far; null above 1,000. */
  readonly distinct: number | null
  readonly empty: number
}

/** Which column is what. The sentence above the table: Read `text` predict `answer` together by `group`. */
export interface Roles {
  readonly task: 'text-classification' | 'regression'
  readonly text: string | null
  readonly textPair: string | null
  readonly answer: string | null
  readonly group: string | null
  /** The question that must be answered: "Do several rows belong to one person or matter?" Null: not answered yet. */
  readonly belonging: 'column' | 'no' | 'unknown' | null
}

export interface DatasetSummary {
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
  /** ISO 8601. */
  readonly addedAt: string
}

/** Something about the data that the person should know; `rows` counts those it concerns. */
export interface Finding {
  readonly code: string
  readonly sentence: string
  readonly rows: number
  readonly weight: 'stops' | 'look' | 'fyi'
}

export interface Bin {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** What the data are like under the present roles. */
export interface DatasetReport {
  readonly id: DatasetId
  readonly roles: Roles
  readonly rows: { readonly total: number; readonly usable: number }
  /** Rows of each class, the most frequent first; null for scores. */
  readonly classes: readonly { readonly name: string; readonly count: number }[] | null
  /** The scores; null for classes. */
  readonly scores: readonly Bin[] | null
  /** Texts by their number of words. */
  readonly lengths: readonly Bin[]
  readonly split: {
    readonly train: number
    readonly validation: number
    readonly test: number
    readonly by: string | null
  } | null
  readonly findings: readonly Finding[]
  /** Why training cannot start with these data; null where it can. */
  readonly blocked: string | null
}

export interface RowsPage {
  readonly from: number
  /** Cells of each row, in the order of the columns, cut at 2,000 characters. */
  readonly rows: readonly (readonly string[])[]
}

export interface DataApi {
  /** The bundled practice sets by their ids, the letters first. */
  samples(): readonly { readonly id: string; readonly title: string; readonly about: string; readonly task: Roles['task'] }[]
  openSample(id: string): DatasetSummary
  open(file: FileHandle): DatasetSummary
  list(): readonly DatasetSummary[]
  get(id: DatasetId): DatasetSummary
  rows(request: { readonly id: DatasetId; readonly from: number; readonly count: number }): RowsPage
  setRoles(request: { readonly id: DatasetId; readonly roles: Roles }): DatasetReport
  report(id: DatasetId): DatasetReport
  remove(id: DatasetId): void
}

export interface DataEvents {
  /** While a file is being read. */
  reading: Progress & { readonly name: string }
}
