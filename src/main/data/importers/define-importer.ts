import { basename } from 'node:path'
import { InputError, sentenceInApp } from '../../base/errors.ts'
import type { OnRejected } from '../documents/rejected.ts'
import type { Limits } from '../limits.ts'
import type { Encoding } from '../source/encoding.ts'

/** One row as the file has it. `values` has no prototype, so a column may have any name; `line` (from 1) is where the row starts. */
export interface Row {
  readonly line: number
  readonly values: Readonly<Record<string, string | null>>
  /** Columns whose cell is a list or an object, written out as JSON; left out where none is. */
  readonly nested?: ReadonlySet<string>
}

/** What the person said about a file; everything left out is detected. */
export interface ImportOptions {
  readonly encoding?: string
  readonly delimiter?: string
  /** The line with the column names, from 1; 0 where the file names none. */
  readonly header?: number
  /** The sheet of a workbook, from 1. */
  readonly sheet?: number
  /** Passes over rows that cannot be read. */
  readonly leaveOut?: boolean
  readonly limits?: Limits
}

/** How a file is to be read, with nothing left to guess. */
export interface TableFormat {
  readonly encoding: Encoding
  /** `null` where the format has none. */
  readonly delimiter: string | null
  readonly limits: Limits
  /** As the person said; the first filled line where the person said nothing. */
  readonly header?: number | undefined
  readonly sheet?: number | undefined
  /** The program whose marks the file holds, where it is a file of marks. */
  readonly marks?: string | undefined
}

export interface Probe {
  readonly format: TableFormat
  readonly columns: readonly string[]
  /** The first rows, at most 20. */
  readonly sample: readonly Row[]
}

/** How files of one format are read. */
export interface TableReader {
  /** Finds encoding, delimiter and columns. Throws an `InputError` for what is no such table. */
  readonly probe: (path: string, options?: ImportOptions, signal?: AbortSignal) => Promise<Probe>
  /**
   * The rows in file order. Throws an `InputError` naming the line of the first row that cannot be read; such rows are passed over where `onRejected` is
   * told of them. Documents of a folder are always passed over.
   */
  readonly rows: (
    path: string,
    format: TableFormat,
    signal?: AbortSignal,
    onRejected?: OnRejected
  ) => AsyncGenerator<Row, void, undefined>
}

/** A file format that holds rows. Importers stream: memory is bounded by one row, whatever the size of the file. */
export interface Importer extends TableReader {
  readonly id: string
  readonly title: string
  readonly extensions: readonly string[]
}

export const SAMPLE_ROWS = 20

export function defineImporter(importer: Importer): Importer {
  return importer
}

/** What `read` makes of a row; null where it refuses and `onRejected` has been told why. */
export function accepted(path: string, place: string, onRejected: OnRejected, read: () => Row): Row | null {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    onRejected({ file: basename(path), place, reason: sentenceInApp(error) })
    return null
  }
}
