import type { DatasetSummary, ReadAs, ReadShare } from '../../../preload/contract/data.ts'
import type { FoundFile } from '../documents/walk-folder.ts'
import type { Scanned } from '../datasets/scan.ts'
import { layDocuments } from './lay-documents.ts'
import { layTable } from './lay-table.ts'

/** A table that was copied and is to be laid down for paging. */
export interface TableInput {
  /** The data set's folder in the making. */
  readonly folder: string
  /** The copy's name in it. */
  readonly copy: string
  readonly read: ReadAs
}

/** Documents that are to become a table. */
export interface DocumentsInput {
  readonly folder: string
  /** A folder of the person's, with everything in it; or single files. */
  readonly source: { readonly root: string } | { readonly files: readonly FoundFile[] }
}

/** What lies in the folder now. */
export interface Laid {
  /** The name of the table that the trainer reads. */
  readonly file: string
  readonly scanned: Scanned
  /** How it was read, where the table itself does not tell. */
  readonly readAs: DatasetSummary['readAs'] | null
  /** Rows, documents and pages that were left out. */
  readonly rejected: number
}

export interface LaidDocuments extends Laid {
  readonly kind: 'documents' | 'tables'
  /** The column that says the part of each row; null where the folder does not say. */
  readonly partColumn: string | null
  /** SHA-256 of the table, in hex. */
  readonly hash: string
  /** The most frequent reason for which something was left out. */
  readonly reason: string | null
}

/** How far something has come; `total` is 0 while nobody knows. */
export type OnProgress = (done: number, total: number, read?: ReadShare) => void

/** What reads the person's files: in this process, or in one of its own. An aborted signal ends it with the signal's reason. */
export interface Laying {
  readonly table: (input: TableInput, onProgress: OnProgress, signal: AbortSignal) => Promise<Laid>
  readonly documents: (input: DocumentsInput, onProgress: OnProgress, signal: AbortSignal) => Promise<LaidDocuments>
}

/** Reads in this process. */
export const layHere: Laying = { table: layTable, documents: layDocuments }
