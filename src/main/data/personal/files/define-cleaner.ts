import type { DocumentReader } from '../../documents/document-reader.ts'
import type { Cleaner } from '../cleaner.ts'

export interface FileJob {
  /** Reads what others wrote parsers for, in a thread of its own. */
  readonly documents: DocumentReader
  readonly cleaner: Cleaner
  /** Columns of tables that are gone through; all where null. */
  readonly columns: ReadonlySet<string> | null
  /** Columns of tables that stay as they are, where a table has them. */
  readonly leftColumns: ReadonlySet<string>
  /** The column by which rows belong to one person or matter. */
  readonly groupColumn: string | null
  /** One file of a folder: a table without that column is gone through all the same. */
  readonly isFolder: boolean
  /** The group of a document, or of a row without one. */
  readonly group: string
  readonly signal: AbortSignal
}

/** What was done with a file. Notes say what could not be looked into. */
export interface FileResult {
  readonly notes: readonly string[]
  /** The columns of a table; null for a document. */
  readonly columns?: readonly string[]
}

/** Writes a clean copy of files of one form. It reads `from` and writes the new file `to`, and nothing else. */
export interface FileCleaner {
  readonly endings: readonly string[]
  /** The ending of what is written, where it is another one. */
  readonly writes?: string
  readonly clean: (from: string, to: string, job: FileJob) => Promise<FileResult>
}

/** Whether a cell or a line holds marks of a text: `[{"start": 0, "end": 4, …}]`. */
export const holdsMarks = (text: string): boolean => /\[\s*\{[^{}[\]]*"start"\s*:\s*\d|"answer_start"\s*:/.test(text)

/** What is said where a table holds marks: they are not moved with the texts. */
export const MARKS_NOTE =
  'It holds marks of passages or places of answers, which are not moved: they no longer fit the texts that changed. Clean it in the window instead, which moves them.'

export const NOTHING_TO_NOTE: FileResult = { notes: [] }
