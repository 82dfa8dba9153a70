import type { FindingInput, FindingRows } from '../../data/datasets/finding-rows.ts'

export type Roles = FindingInput['roles']

/** A table that is looked at more closely than for every report. */
export interface ScrutinyInput {
  /** Where its rows lie for paging. */
  readonly rowsPath: string
  readonly columns: readonly string[]
  readonly roles: Roles
  readonly rows: number
  /** Whether rows with the same text are told of too; the report on a data set does so by itself. */
  readonly withEqual?: boolean
}

/** A finding with the rows that it is about, in the order in which they are worth reading. */
export interface CloseFinding extends FindingRows {
  readonly code: string
  readonly sentence: string
  /** How many rows it concerns. */
  readonly rows: number
  readonly weight: 'look' | 'fyi'
  /** What is said of each of these rows; null where there is nothing to say. */
  readonly remarks: readonly string[] | null
}

/** A row that can be learned from. */
export interface ReadRow {
  /** Its place in the table, from 0. */
  readonly index: number
  readonly line: number
  readonly text: string
  readonly pair: string
  /** The cell with the answer. */
  readonly said: string
  /** Classes that it bears; one, unless a cell holds several. Empty for scores and marks. */
  readonly labels: readonly number[]
  readonly score: number
  /** Tells which rows belong together: a group, or else the text. */
  readonly unit: number
  readonly cells: readonly string[]
}

/** More lines of one finding are not kept. */
export const MOST_LINES = 100_000
