import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import type { OnRejected } from '../documents/rejected.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { detectEncoding, encodingNamed } from '../source/encoding.ts'
import { JsonScanner } from '../source/json-scanner.ts'
import { textOf } from '../source/text.ts'
import { accepted, defineImporter, SAMPLE_ROWS } from './define-importer.ts'
import type { ImportOptions, Probe, Row, TableFormat } from './define-importer.ts'
import { parseRow, PROBED_ROWS } from './jsonl.ts'

/** A list of JSON objects, or objects one after the other; their values are strings, numbers, true, false or null. A row's line is its place in the list. */
export const jsonImporter = defineImporter({ id: 'json', title: 'JSON', extensions: ['.json'], probe, rows })

async function probe(path: string, options: ImportOptions = {}, signal?: AbortSignal): Promise<Probe> {
  const limits = options.limits ?? DEFAULT_LIMITS
  const asked = options.encoding === undefined ? undefined : encodingNamed(options.encoding)
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
  throw new InputError(
    'data_file_empty',
    `${basename(path)} is empty. It needs a list of JSON objects: [{"text": "…", "label": "…"}].`,
    {
      file: path
    }
  )
}

async function* rows(
  path: string,
  { encoding, limits }: TableFormat,
  signal?: AbortSignal,
  onRejected?: OnRejected
): AsyncGenerator<Row, void, undefined> {
  const scanner = new JsonScanner(path, limits.rowLength)
  const rowOf = ({ text, index }: { readonly text: string; readonly index: number }): Row | null => {
    const parse = (): Row => parseRow(path, text, { start: `Row ${index}`, unit: 'row', line: index, limits })
    return onRejected === undefined ? parse() : accepted(path, `row ${index}`, onRejected, parse)
  }
  for await (const piece of textOf(path, encoding, signal)) {
    for (const item of scanner.push(piece)) {
      const row = rowOf(item)
      if (row !== null) yield row
    }
  }
  for (const item of scanner.end()) {
    const row = rowOf(item)
    if (row !== null) yield row
  }
}
