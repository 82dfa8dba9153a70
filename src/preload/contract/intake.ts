import type { DatasetId, FileHandle } from './common.ts'
import type { DatasetSummary } from './data.ts'

/** A file, a page or a row that was left out when data were read. */
export interface RejectedItem {
  /** The file's name within its folder. */
  readonly file: string
  /** Where in it: `page 3`, `line 12`; null where it is the whole file. */
  readonly place: string | null
  readonly reason: string
}

export interface RejectedPage {
  readonly total: number
  readonly from: number
  readonly items: readonly RejectedItem[]
}

export interface IntakeApi {
  /** A folder as a whole: each document in it becomes a row, or the files of one data set become a table. */
  openFolder(folder: FileHandle): DatasetSummary
  /** Ends what is being read; nothing of it is kept. */
  stop(): void
  /** What was left out of the data, in the order in which it was met. */
  rejected(request: { readonly id: DatasetId; readonly from: number; readonly count: number }): RejectedPage
  /** The whole list as CSV: a ticket for the finished file. */
  saveRejected(id: DatasetId): { readonly ticket: string; readonly name: string }
}
