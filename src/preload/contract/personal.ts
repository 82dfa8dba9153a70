import type { DatasetId, Progress, TrainedId } from './common.ts'
import type { DatasetSummary } from './data.ts'
import type { MappingWish } from './mappings.ts'

/** What is done with a passage: nothing; `[NAME]` in its place; another value in its place; nothing in its place. */
export type PersonalAction = 'leave' | 'mask' | 'pseudonymise' | 'remove'

/** Passages of one kind in one column. */
export interface PersonalFinding {
  readonly column: string
  /** `NAME`, `DATE`, …: what a mask shows. */
  readonly kind: string
  readonly passages: number
  readonly rows: number
  /** Of them, those that the model alone found; 0 without one. */
  readonly added: number
}

export interface PersonalReport {
  readonly id: DatasetId
  /** By column in their order, and within one the most frequent first. */
  readonly findings: readonly PersonalFinding[]
  /** Columns with marks or answers: they point into the text of another column, and change along with it. */
  readonly following: readonly string[]
  /** Whether this version was made by `apply`: surrogates look like what they stand for. */
  readonly isCleaned: boolean
}

/** A passage with what stands around it. */
export interface PersonalPassage {
  readonly before: string
  readonly text: string
  readonly after: string
}

export interface PersonalExample extends PersonalPassage {
  /** The line of the file at which its row starts. */
  readonly line: number
}

/** What is done with one kind in one column; what is not named is left. */
export interface PersonalChoice {
  readonly column: string
  readonly kind: string
  readonly action: PersonalAction
}

/** What a clean version is made by. */
export interface PersonalWish extends Beside {
  readonly id: DatasetId
  readonly choices: readonly PersonalChoice[]
  /** The column that says whose row it is: dates of one person move alike. Null for none; as the data set's rows belong together where left out. */
  readonly group?: string | null | undefined
  /** Left out where nothing is kept or known. */
  readonly mapping?: MappingWish | null | undefined
}

/** A run, or a model of the library, that marks passages and finds beside the rules; null or left out for the rules alone. */
interface Beside {
  readonly run?: TrainedId | null | undefined
}

export interface PersonalApi {
  /** Looks for personal data in every column, in a process of its own. A second question while it looks waits for the same answer. */
  scan(id: DatasetId): PersonalReport
  /** The same with a model beside the rules. */
  scanWith(request: { readonly id: DatasetId; readonly run: TrainedId }): PersonalReport
  /** Gives a scan up. */
  stop(id: DatasetId): void
  /** A few of the passages of a finding, as they stand there: those first that the model alone found. */
  examples(
    request: { readonly id: DatasetId; readonly column: string; readonly kind: string } & Beside
  ): readonly PersonalExample[]
  /** A sample of what may still say something once this is done. */
  remaining(request: { readonly id: DatasetId; readonly choices: readonly PersonalChoice[] } & Beside): readonly PersonalPassage[]
  /** Does it in a new version. Without `mapping` surrogates are drawn anew each time, and what stood for what is kept nowhere. */
  apply(wish: PersonalWish): DatasetSummary
}

export interface PersonalEvents {
  /** Rows that were looked through. */
  scanning: Progress & { readonly id: DatasetId }
}
