import { rename, rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { syncFolder } from '../base/files.ts'
import { open } from '../base/sealed/fs.ts'
import type { OpenFile } from '../base/sealed/open-file.ts'
import { numberOf } from './label-order.ts'

/** A value of a table. Lists and objects can only be written as JSON Lines. */
export type Cell = string | number | boolean | null
export type JsonCell = Cell | readonly JsonCell[] | { readonly [key: string]: JsonCell }

export interface WriteCsvOptions {
  /** Default `,`. */
  readonly delimiter?: string
  /** Prefix text that a spreadsheet would compute as a formula with a quote; on unless set to false. */
  readonly escapeFormulas?: boolean
  readonly signal?: AbortSignal
}

// security.md §3: spreadsheets run a cell that begins with one of these.
const FORMULA_START = /^[=+\-@\t\r]/

/** Text that begins like a formula gets a leading quote, so that no spreadsheet computes it; `-0.5` stays a number. */
export const harmlessText = (text: string): string => (FORMULA_START.test(text) && numberOf(text) === null ? `'${text}` : text)

/** One CSV cell: quoted where needed, and made harmless. */
export function csvCell(cell: Cell, delimiter = ',', escapeFormulas = true): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = escapeFormulas ? harmlessText(cell) : cell
  const needsQuotes = text.includes(delimiter) || /["\r\n]/.test(text) || text.trim() !== text
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text
}

type Rows<T> = Iterable<T> | AsyncIterable<T>

/** Lines are gathered to about this many characters before each write. */
const WRITE_CHARACTERS = 1 << 18

async function writeLines(handle: OpenFile, lines: Rows<string>, signal?: AbortSignal): Promise<void> {
  let held = ''
  for await (const line of lines) {
    held += line
    if (held.length < WRITE_CHARACTERS) continue
    signal?.throwIfAborted()
    await handle.writeFile(held)
    held = ''
  }
  await handle.writeFile(held)
}

function writeRefusal(path: string, error: unknown): unknown {
  const name = basename(path)
  const where = { file: path }
  switch (systemCodeOf(error)) {
    case 'ENOSPC':
      return new InputError('disk_full', `The disk is full, so ${name} was not written. Free some space and try again.`, where, {
        cause: error
      })
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new InputError(
        'output_read_only',
        `${name} cannot be written: its folder is read-only. Choose another folder.`,
        where,
        { cause: error }
      )
    case 'ENOENT':
    case 'ENOTDIR':
      return new InputError('output_folder_missing', `${name} cannot be written: its folder does not exist.`, where, {
        cause: error
      })
    case 'EISDIR':
      return new InputError('output_is_folder', `${name} cannot be written: it is a folder.`, where, { cause: error })
    default:
      return error
  }
}

/** Writes pieces of text aside, flushes them and renames: `path` holds the old content or all of the new. Throws like `writeCsv`. */
export async function writeLinesAside(path: string, lines: Rows<string>, signal?: AbortSignal): Promise<void> {
  const aside = `${path}.${process.pid}.tmp`
  try {
    const handle = await open(aside, 'w')
    try {
      await writeLines(handle, lines, signal)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw writeRefusal(path, error)
  }
  await syncFolder(dirname(path))
}

async function* csvLines(
  columns: readonly string[],
  rows: Rows<readonly Cell[]>,
  options: WriteCsvOptions
): AsyncGenerator<string> {
  const lineOf = (cells: readonly Cell[]): string => {
    const line = cells.map((cell) => csvCell(cell, options.delimiter, options.escapeFormulas)).join(options.delimiter ?? ',')
    // A line with nothing in it would be read as no row.
    return `${line === '' ? '""' : line}\n`
  }
  yield lineOf(columns)
  for await (const cells of rows) yield lineOf(cells)
}

/** Writes a CSV file (UTF-8, LF), streaming and atomically. Throws an `InputError` for a full disk or a folder that cannot be written. */
export async function writeCsv(
  path: string,
  columns: readonly string[],
  rows: Rows<readonly Cell[]>,
  options: WriteCsvOptions = {}
): Promise<void> {
  await writeLinesAside(path, csvLines(columns, rows, options), options.signal)
}

async function* jsonLines(rows: Rows<Readonly<Record<string, JsonCell>>>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`
}

/** Writes one JSON object per line (UTF-8), streaming and atomically. Throws like `writeCsv`. */
export async function writeJsonl(
  path: string,
  rows: Rows<Readonly<Record<string, JsonCell>>>,
  signal?: AbortSignal
): Promise<void> {
  await writeLinesAside(path, jsonLines(rows), signal)
}
