import { basename } from 'node:path'
import { InputError, sentenceInApp } from '../../base/errors.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import type { Limits } from '../limits.ts'
import { detectEncoding, encodingNamed } from '../source/encoding.ts'
import { textOf } from '../source/text.ts'
import { lineTooLong } from '../source/utf8-scan.ts'
import type { OnRejected } from '../documents/rejected.ts'
import { accepted, defineImporter, SAMPLE_ROWS } from './define-importer.ts'
import type { ImportOptions, Probe, Row, TableFormat } from './define-importer.ts'

/** Rows whose keys make the list of columns: a key that none of them has counts as missing. */
export const PROBED_ROWS = 1000

/** One JSON object per line; its values are strings, numbers, true, false or null. Lists and objects become their JSON text. */
export const jsonlImporter = defineImporter({ id: 'jsonl', title: 'JSON Lines', extensions: ['.jsonl', '.ndjson'], probe, rows })

async function probe(path: string, options: ImportOptions = {}, signal?: AbortSignal): Promise<Probe> {
  const limits = options.limits ?? DEFAULT_LIMITS
  const asked = options.encoding === undefined ? undefined : encodingNamed(options.encoding)
  // A line that is too long is left out by whoever reads the rows.
  const lengths = options.leaveOut === true ? { ...limits, rowLength: Infinity } : limits
  const format: TableFormat = { encoding: await detectEncoding(path, asked, lengths, signal), delimiter: null, limits }
  const sample: Row[] = []
  const columns = new Set<string>()
  let seen = 0
  const onRejected = options.leaveOut === true ? (): void => undefined : undefined
  for await (const row of rows(path, format, signal, onRejected)) {
    for (const key of Object.keys(row.values)) columns.add(key)
    if (sample.length < SAMPLE_ROWS) sample.push(row)
    if (++seen === PROBED_ROWS) break
  }
  if (seen === 0) {
    throw new InputError('data_file_empty', `${basename(path)} is empty. It needs one JSON object per line.`, { file: path })
  }
  return { format, columns: [...columns], sample }
}

async function* rows(
  path: string,
  format: TableFormat,
  signal?: AbortSignal,
  onRejected?: OnRejected
): AsyncGenerator<Row, void, undefined> {
  const onTooLong =
    onRejected &&
    ((error: InputError, line: number) =>
      onRejected({ file: basename(path), place: `line ${line}`, reason: sentenceInApp(error) }))
  for await (const { text, line } of linesOf(path, format, signal, onTooLong)) {
    if (text.trim() === '') continue
    const parse = (): Row => parseRow(path, text, { start: `Line ${line}`, unit: 'line', line, limits: format.limits })
    const row = onRejected === undefined ? parse() : accepted(path, `line ${line}`, onRejected, parse)
    if (row !== null) yield row
  }
}

export interface Line {
  readonly text: string
  readonly line: number
}

/** Lines ended by a line feed; a carriage return before it stays. One that is too long is passed over where `onTooLong` is told of it. */
export async function* linesOf(
  path: string,
  { encoding, limits }: TableFormat,
  signal?: AbortSignal,
  onTooLong?: (error: InputError, line: number) => void
): AsyncGenerator<Line, void, undefined> {
  let held = ''
  let line = 1
  const passing = { isOver: false }
  const skip = (): void => {
    const error = lineTooLong(path, line, limits.rowLength)
    if (!onTooLong) throw error
    if (!passing.isOver) onTooLong(error, line)
    held = ''
    passing.isOver = true
  }
  for await (const piece of textOf(path, encoding, signal)) {
    let start = 0
    for (let end = piece.indexOf('\n'); end !== -1; end = piece.indexOf('\n', start)) {
      if (held.length + end - start > limits.rowLength) skip()
      if (!passing.isOver) yield { text: held + piece.slice(start, end), line }
      passing.isOver = false
      held = ''
      start = end + 1
      line++
    }
    if (!passing.isOver) held += piece.slice(start)
    if (held.length > limits.rowLength) skip()
  }
  if (held !== '') yield { text: held, line }
}

/** Keeps numbers as they are written: an identifier beyond 2⁵³ would otherwise change. */
function keepNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? (context?.source ?? String(value)) : value
}

/** Where a row stands, and what that is called. */
export interface RowPlace {
  /** At the beginning of a sentence: `Line 12`. */
  readonly start: string
  readonly unit: 'line' | 'row'
  readonly line: number
  readonly limits: Limits
}

/** The row that a text is. Throws an `InputError` where it is no JSON object of texts and numbers. */
export function parseRow(path: string, text: string, { start, unit, line, limits }: RowPlace): Row {
  const where = { file: path, line }
  const place = `${start} of ${basename(path)}`
  let parsed: unknown
  let nested: ReadonlyMap<string, string>
  try {
    parsed = JSON.parse(text, keepNumbers)
    nested = nestedCells(text, parsed)
  } catch {
    // The parser's own message quotes the text, which must stay out of messages.
    const inApp = `${place} is not valid JSON. Each ${unit} must be one JSON object: correct it, or save the table as CSV (UTF-8).`
    throw new InputError('data_json_invalid', `${place} is not valid JSON. Each ${unit} must be one JSON object.`, {
      ...where,
      inApp
    })
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new InputError(
      'data_json_not_object',
      `${place} is not a JSON object. Each ${unit} must look like {"text": "…", "label": "…"}.`,
      where
    )
  }
  const entries: readonly [string, unknown][] = Object.entries(parsed)
  if (entries.length > limits.columns) {
    throw new InputError('data_too_many_columns', `${place} has more than ${limits.columns} columns. Check the file.`, where)
  }
  const values: Record<string, string | null> = Object.create(null) as Record<string, string | null>
  for (const [key, value] of entries) values[key] = cellOf(value)
  for (const [key, cell] of nested) values[key] = cell
  return nested.size === 0 ? { line, values } : { line, values, nested: new Set(nested.keys()) }
}

/** The lists and objects of a row as JSON. Read once more as the text stands: within them, numbers stay numbers. */
function nestedCells(text: string, parsed: unknown): Map<string, string> {
  const isNested = (value: unknown): boolean => typeof value === 'object' && value !== null
  const cells = new Map<string, string>()
  if (!isNested(parsed) || !Object.values(parsed as object).some(isNested)) return cells // It is one, as was just asked.
  for (const [key, value] of Object.entries(JSON.parse(text) as object))
    // The same object.
    if (isNested(value)) cells.set(key, JSON.stringify(value).toWellFormed())
  return cells
}

function cellOf(value: unknown): string | null {
  if (typeof value === 'string') return value.toWellFormed()
  return typeof value === 'boolean' ? String(value) : null
}
