import { basename } from 'node:path'
import readXlsxFile, { readSheet } from 'read-excel-file/node'
import { InputError } from '../../base/errors.ts'
import { readFile } from '../../base/sealed/fs.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { counted, shown } from '../../base/wording.ts'
import { namedTwice } from './csv.ts'
import { probeRows } from './probe-rows.ts'
import type { ImportOptions, Probe, Row, TableFormat, TableReader } from './define-importer.ts'
import { notAWorkbook, refuseLargeZip } from './zip-size.ts'

/** A workbook is read whole, so it must be far smaller than what streams. */
const SIZE = { packed: 128 * 2 ** 20, unpacked: 512 * 2 ** 20 }
const MOST_ROWS = 1_048_576

/** The first sheet of an Excel workbook; its first filled row names the columns. */
export const xlsxImporter: TableReader = { probe, rows }

function probe(path: string, options: ImportOptions = {}, signal?: AbortSignal): Promise<Probe> {
  const format: TableFormat = {
    encoding: 'utf-8',
    delimiter: null,
    limits: options.limits ?? DEFAULT_LIMITS,
    header: options.header,
    sheet: options.sheet
  }
  return probeRows(path, format, rows, signal, ' below its column names')
}

async function* rows(
  path: string,
  { limits, header, sheet: wanted }: TableFormat,
  signal?: AbortSignal
): AsyncGenerator<Row, void, undefined> {
  const sheet = await readOneSheet(path, wanted ?? 1)
  signal?.throwIfAborted()
  if (sheet.length > MOST_ROWS) throw notAWorkbook(path)
  let columns: readonly string[] | null = null
  for (const [index, cells] of sheet.entries()) {
    if (index + 1 < (header ?? 0) || cells.every((cell) => cell === '')) continue
    if (cells.length > limits.columns) throw tooWide(path, limits.columns)
    const isNames: boolean = columns === null && header !== 0
    columns ??= isNames ? namesOf(path, cells, index + 1) : cells.map((_, i) => `column ${i + 1}`)
    if (!isNames) yield { line: index + 1, values: valuesOf(columns, cells) }
  }
  if (columns === null)
    throw new InputError(
      'data_file_empty',
      `${wanted === undefined ? 'The first sheet' : `Sheet ${wanted}`} of ${basename(path)} is empty. It needs column names and rows below them.`,
      {
        file: path
      }
    )
}

async function readOneSheet(path: string, wanted: number): Promise<readonly (readonly string[])[]> {
  await refuseLargeZip(path, SIZE)
  try {
    // Cells stay as they are written: an id must not lose its zeros nor a text its spaces.
    const sheet = await readSheet<string>(await readFile(path), wanted, { trim: false, parseNumber: (text: string) => text })
    return sheet.map((cells) => cells.map(textOf))
  } catch (error) {
    throw notAWorkbook(path, error)
  }
}

/** The cells of every sheet as they are written. Throws an InputError where the file is no workbook. */
export async function allSheets(
  path: string
): Promise<readonly { readonly name: string; readonly rows: readonly (readonly string[])[] }[]> {
  await refuseLargeZip(path, SIZE)
  try {
    const sheets = await readXlsxFile<string>(await readFile(path), { trim: false, parseNumber: (text: string) => text })
    return sheets.map(({ sheet, data }) => ({ name: sheet, rows: data.map((cells) => cells.map(textOf)) }))
  } catch (error) {
    throw notAWorkbook(path, error)
  }
}

/** Names of the sheets, in their order. Throws an InputError where the file is no workbook. */
export async function sheetsOf(path: string): Promise<readonly string[]> {
  await refuseLargeZip(path, SIZE)
  try {
    const sheets = await readXlsxFile(await readFile(path))
    return sheets.map(({ sheet }) => sheet)
  } catch (error) {
    throw notAWorkbook(path, error)
  }
}

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return cell.toISOString().replace(/T00:00:00\.000Z$/, '')
  if (typeof cell === 'string') return cell.toWellFormed()
  return typeof cell === 'boolean' || typeof cell === 'number' ? String(cell) : ''
}

/** Column names, trimmed, as the CSV importer has them. Empty columns at the end are no columns. */
function namesOf(path: string, cells: readonly string[], line: number): readonly string[] {
  const last = cells.findLastIndex((cell) => cell.trim() !== '')
  const names = cells.slice(0, last + 1).map((cell, index) => cell.trim() || `column ${index + 1}`)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return names
  const message = `The header of ${basename(path)} names the column ${shown(twice)} twice. Give every column its own name.`
  throw new InputError('data_header_duplicate', message, { file: path, line, column: twice, inApp: namedTwice(path, twice) })
}

function valuesOf(columns: readonly string[], cells: readonly string[]): Row['values'] {
  // Without a prototype a column named `__proto__` is a column like any other.
  const values: Record<string, string | null> = Object.create(null) as Record<string, string | null>
  for (const [i, column] of columns.entries()) values[column] = cells[i] ?? ''
  return values
}

const tooWide = (path: string, most: number): InputError =>
  new InputError('data_too_many_columns', `${basename(path)} has more than ${counted(most, 'column')}. Check the file.`, {
    file: path
  })
