import { basename, extname } from 'node:path'
import { InputError, sentenceInApp } from '../../base/errors.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { CsvScanner } from '../source/csv-scanner.ts'
import type { CsvRecord } from '../source/csv-scanner.ts'
import { isBroken, RecoveringScanner, type Recovered } from '../source/recovering-scanner.ts'
import { delimiterNamed, detectDelimiter } from '../source/delimiter.ts'
import { detectEncoding, encodingNamed } from '../source/encoding.ts'
import type { Encoding } from '../source/encoding.ts'
import { textOf } from '../source/text.ts'
import { counted, shown } from '../../base/wording.ts'
import type { OnRejected } from '../documents/rejected.ts'
import { accepted, defineImporter, SAMPLE_ROWS } from './define-importer.ts'
import type { ImportOptions, Probe, Row, TableFormat } from './define-importer.ts'

/** Characters looked at to guess the delimiter. */
const SAMPLE_CHARACTERS = 1 << 16

/** Delimited tables with a header: CSV, and TSV by its extension. */
export const csvImporter = defineImporter({ id: 'csv', title: 'CSV or TSV', extensions: ['.csv', '.tsv', '.tab'], probe, rows })

async function probe(path: string, options: ImportOptions = {}, signal?: AbortSignal): Promise<Probe> {
  const limits = options.limits ?? DEFAULT_LIMITS
  const asked = options.encoding === undefined ? undefined : encodingNamed(options.encoding)
  const named = options.delimiter === undefined ? undefined : delimiterNamed(options.delimiter)
  // A line that is too long is left out by whoever reads the rows.
  const lengths = options.leaveOut === true ? { ...limits, rowLength: Infinity } : limits
  const encoding = await detectEncoding(path, asked, lengths, signal)
  const delimiter = named ?? (extname(path).toLowerCase() === '.csv' ? await guessDelimiter(path, encoding, signal) : '\t')
  const format: TableFormat = { encoding, delimiter, limits, header: options.header }
  const sample: Row[] = []
  let columns: readonly string[] | undefined
  const onRejected = options.leaveOut === true ? (): void => undefined : undefined
  for await (const row of rows(path, format, signal, onRejected, (names) => (columns = names))) {
    sample.push(row)
    if (sample.length === SAMPLE_ROWS) break
  }
  if (columns === undefined) throw emptyFile(path)
  return { format, columns, sample }
}

async function* rows(
  path: string,
  format: TableFormat,
  signal?: AbortSignal,
  onRejected?: OnRejected,
  onColumns: (columns: readonly string[]) => void = () => undefined
): AsyncGenerator<Row, void, undefined> {
  let columns: readonly string[] | undefined
  for await (const record of records(path, format, onRejected, signal)) {
    const isNames = columns === undefined && format.header !== 0
    if (columns === undefined) onColumns((columns = isNames ? headerOf(path, record) : numbered(record)))
    const row = isNames ? null : acceptedRow(path, columns, record, onRejected)
    if (row !== null) yield row
  }
  if (columns === undefined) throw emptyFile(path)
}

/** The refusal of a file without a single row of text. */
export function emptyFile(path: string): InputError {
  return new InputError('data_file_empty', `${basename(path)} is empty. It needs a line of column names and rows below it.`, {
    file: path
  })
}

/** Spreadsheets may write `sep=;` above the header to name the delimiter. */
const SEPARATOR_LINE = /^sep=(.)$/i

async function guessDelimiter(path: string, encoding: Encoding, signal?: AbortSignal): Promise<string> {
  let sample = ''
  let isWhole = true
  for await (const text of textOf(path, encoding, signal)) {
    sample += text
    if (sample.length < SAMPLE_CHARACTERS) continue
    isWhole = false
    break
  }
  const named = SEPARATOR_LINE.exec(sample.split(/\r|\n/, 1)[0] ?? '')?.[1]
  return named === undefined ? detectDelimiter(sample, isWhole) : delimiterNamed(named)
}

/** Rows as they stand in the file. Where `onRejected` is given, it is told of those whose quotes are broken or that are too long, as far as one can read on after them. */
async function* records(
  path: string,
  format: TableFormat,
  onRejected: OnRejected | undefined,
  signal?: AbortSignal
): AsyncGenerator<CsvRecord, void, undefined> {
  const delimiter = format.delimiter ?? ','
  const isWanted = (record: CsvRecord): boolean => record.line >= (format.header ?? 0) && !isSeparatorLine(record, delimiter)
  if (onRejected === undefined) {
    const scanner = new CsvScanner(path, delimiter, format.limits)
    for await (const text of textOf(path, format.encoding, signal)) yield* scanner.push(text).filter(isWanted)
    yield* scanner.end().filter(isWanted)
    return
  }
  const scanner = new RecoveringScanner(path, delimiter, format.limits)
  function* kept(all: Iterable<Recovered>, tell: OnRejected): Generator<CsvRecord, void, undefined> {
    for (const one of all) {
      if (isBroken(one)) tell({ file: basename(path), place: `line ${one.line}`, reason: sentenceInApp(one.error) })
      else if (isWanted(one)) {
        if (scanner.columns === 0) scanner.columns = one.cells.length
        yield one
      }
    }
  }
  for await (const text of textOf(path, format.encoding, signal)) yield* kept(scanner.push(text), onRejected)
  yield* kept(scanner.end(), onRejected)
}

function isSeparatorLine({ line, cells }: CsvRecord, delimiter: string): boolean {
  return line === 1 && cells.join(delimiter).toLowerCase() === `sep=${delimiter}`
}

/** Names for the columns of a file that names none. */
const numbered = ({ cells }: CsvRecord): readonly string[] => cells.map((_, index) => `column ${index + 1}`)

/** What a window says of two columns of one name. */
export const namedTwice = (path: string, name: string): string =>
  `${basename(path)} has two columns of the name ${shown(name)}. Give each its own name in the file, or choose another line for the names.`

/** Column names, trimmed. A nameless column (the row numbers that some tools write) is called `column N`. */
function headerOf(path: string, { line, cells }: CsvRecord): readonly string[] {
  const where = { file: path, line }
  if (cells.every((cell) => cell.trim() === '')) {
    const message = `Line ${line} of ${basename(path)} has no column names. The first line must name the columns.`
    const inApp = `Line ${line} of ${basename(path)} has no column names. Write them there, or choose the line that has them.`
    throw new InputError('data_header_missing', message, { ...where, inApp })
  }
  const names = cells.map((cell, index) => cell.trim() || `column ${index + 1}`)
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) {
      const message = `The header of ${basename(path)} names the column ${shown(name)} twice. Give every column its own name.`
      throw new InputError('data_header_duplicate', message, { ...where, column: name, inApp: namedTwice(path, name) })
    }
    seen.add(name)
  }
  return names
}

/** A row; null where it cannot be read and whoever wants to know has been told. */
function acceptedRow(path: string, columns: readonly string[], record: CsvRecord, onRejected?: OnRejected): Row | null {
  if (onRejected === undefined) return rowOf(path, columns, record)
  return accepted(path, `line ${record.line}`, onRejected, () => rowOf(path, columns, record))
}

function rowOf(path: string, columns: readonly string[], { line, cells }: CsvRecord): Row {
  if (cells.length !== columns.length) {
    const difference = `${counted(cells.length, 'cell')}, but the header names ${counted(columns.length, 'column')}`
    const advice = 'Put text that holds the delimiter or a line break in double quotes.'
    const message = `The row at line ${line} of ${basename(path)} has ${difference}. ${advice}`
    const cellsAndNames = `${counted(cells.length, 'cell')} for ${counted(columns.length, 'column name')}`
    const inApp = `Line ${line} of ${basename(path)} has ${cellsAndNames}. Put text that holds the character between cells, or a line break, in double quotes; or choose another character between cells.`
    throw new InputError('data_row_ragged', message, { file: path, line, inApp })
  }
  // Without a prototype a column named `__proto__` is a column like any other.
  const values: Record<string, string | null> = Object.create(null) as Record<string, string | null>
  for (let i = 0; i < columns.length; i++) values[columns[i] ?? ''] = cells[i] ?? ''
  return { line, values }
}
