import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { sizeOf } from '../../base/wording.ts'
import type { OnRejected } from '../documents/rejected.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { detectEncoding, encodingNamed } from '../source/encoding.ts'
import { JsonItemScanner, type JsonItem } from '../source/json-items.ts'
import { textOf } from '../source/text.ts'
import { accepted, defineImporter, SAMPLE_ROWS } from './define-importer.ts'
import type { ImportOptions, Probe, Row, TableFormat } from './define-importer.ts'
import { parseRow, PROBED_ROWS } from './jsonl.ts'

/** A list of JSON objects, or objects one after the other; their values are strings, numbers, true, false or null. A row's line is its place in the list. */
export const jsonImporter = defineImporter({ id: 'json', title: 'JSON', extensions: ['.json'], probe, rows })

async function probe(path: string, options: ImportOptions = {}, signal?: AbortSignal): Promise<Probe> {
  const limits = options.limits ?? DEFAULT_LIMITS
  const asked = options.encoding === undefined ? undefined : encodingNamed(options.encoding)
  // The whole list may stand in one line.
  const encoding = await detectEncoding(path, asked, { ...limits, rowLength: Infinity }, signal)
  const format: TableFormat = { encoding, delimiter: null, limits }
  const sample: Row[] = []
  const columns = new Set<string>()
  let seen = 0
  const onRejected = options.leaveOut === true ? (): void => undefined : undefined
  for await (const row of rows(path, format, signal, onRejected)) {
    for (const key of Object.keys(row.values)) columns.add(key)
    if (sample.length < SAMPLE_ROWS) sample.push(row)
    if (++seen === PROBED_ROWS) break
  }
  if (seen > 0) return { format, columns: [...columns], sample }
  const message = `${basename(path)} is empty. It needs a list of JSON objects: [{"text": "…", "label": "…"}].`
  throw new InputError('data_file_empty', message, { file: path })
}

async function* rows(
  path: string,
  format: TableFormat,
  signal?: AbortSignal,
  onRejected?: OnRejected
): AsyncGenerator<Row, void, undefined> {
  const { limits } = format
  for await (const { text, place } of itemsOf(path, format, signal)) {
    const parse = (): Row => parseRow(path, text, { start: `Row ${place}`, unit: 'row', line: place, limits })
    const row = onRejected === undefined ? parse() : accepted(path, `row ${place}`, onRejected, parse)
    if (row !== null) yield row
  }
}

/** The texts of the list's values. What the scanner refuses is said of the file. */
async function* itemsOf(
  path: string,
  { encoding, limits }: TableFormat,
  signal?: AbortSignal
): AsyncGenerator<JsonItem, void, undefined> {
  const scanner = new JsonItemScanner(limits.rowLength)
  let last = 0
  let isEmpty = true
  try {
    for await (const piece of textOf(path, encoding, signal)) {
      isEmpty &&= piece.trim() === ''
      for (const item of scanner.push(piece)) {
        last = item.place
        yield item
      }
    }
  } catch (error) {
    if (error instanceof RangeError) throw tooLong(path, last + 1, limits.rowLength)
    if (error instanceof SyntaxError) throw broken(path, last, 'text or a bracket stands there that belongs to no row')
    throw error
  }
  if (!isEmpty && !scanner.isWhole) throw broken(path, last, 'it ends in the middle: it may have been cut off')
}

const tooLong = (path: string, row: number, limit: number): InputError =>
  new InputError(
    'data_line_too_long',
    `Row ${row} of ${basename(path)} is longer than ${sizeOf(limit)}. Divide its text into several rows.`,
    { file: path }
  )

const broken = (path: string, row: number, what: string): InputError =>
  new InputError(
    'data_json_invalid',
    `${basename(path)} is not valid JSON: after row ${row}, ${what}. Correct it, or save the table as CSV (UTF-8).`,
    { file: path }
  )
