import { compressionRegistry, CompressionType, RecordBatchReader, type RecordBatch, type Schema } from 'apache-arrow'
import { basename } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { InputError } from '../../base/errors.ts'
import { counted } from '../../base/wording.ts'
import { readerFor } from '../arrow/cells.ts'
import { unpackLz4Frame } from '../arrow/lz4-frame.ts'
import { ArrowRefusal, arrowMessages, MOST_BATCH } from '../arrow/messages.ts'
import type { OnRejected } from '../documents/rejected.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { cellText, classNamesInNote } from '../parquet/features.ts'
import { openDataFile } from '../source/bytes.ts'
import { tellBytesRead } from '../source/bytes-read.ts'
import { probeRows } from './probe-rows.ts'
import type { ImportOptions, Probe, Row, TableFormat, TableReader } from './define-importer.ts'

compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => zstdDecompressSync(bytes, { maxOutputLength: MOST_BATCH }) })
compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: (bytes) => unpackLz4Frame(bytes, MOST_BATCH) })

/** Arrow IPC files and streams, and Feather 2, a batch of rows at a time. A row's line is its place in the file. As Parquet, class numbers become names. */
export const arrowImporter: TableReader = { probe, rows }

function probe(path: string, options: ImportOptions = {}, signal?: AbortSignal): Promise<Probe> {
  return probeRows(path, { encoding: 'utf-8', delimiter: null, limits: options.limits ?? DEFAULT_LIMITS }, rows, signal)
}

async function* rows(
  path: string,
  { limits }: TableFormat,
  signal?: AbortSignal,
  onRejected?: OnRejected
): AsyncGenerator<Row, void, undefined> {
  await using handle = await openDataFile(path)
  let line = 0
  try {
    const reader = await RecordBatchReader.from(arrowMessages(handle, signal, (bytes) => tellBytesRead(path, bytes)))
    await reader.open()
    const columns = columnsOf(path, reader.schema, limits.columns, onRejected)
    for await (const batch of reader) {
      signal?.throwIfAborted()
      for (const values of rowsIn(batch, columns)) yield { line: ++line, values }
    }
  } catch (error) {
    if (signal?.aborted === true) throw error
    throw unreadable(path, error)
  }
}

interface Column {
  readonly name: string
  readonly at: number
  readonly names: readonly string[] | undefined
  readonly read: (value: unknown) => unknown
}

/** Columns whose cells can be text: no structures, no bytes. */
function columnsOf(
  path: string,
  { fields, metadata }: Schema,
  most: number,
  onRejected: OnRejected | undefined
): readonly Column[] {
  const file = basename(path)
  if (fields.length > most)
    throw new InputError('data_too_many_columns', `${file} has more than ${counted(most, 'column')}. Leave some out.`, {
      file: path
    })
  const names = classNamesInNote(metadata.get('huggingface'))
  return fields.flatMap((field, at) => {
    const read = readerFor(field)
    if (read !== null) return [{ name: field.name, at, names: names.get(field.name), read }]
    const reason = 'Its cells hold no text, number or date, so the column was left out. Write each value as a column of its own.'
    onRejected?.({ file, place: `column ${field.name}`, reason })
    return []
  })
}

function* rowsIn(batch: RecordBatch, columns: readonly Column[]): Generator<Row['values'], void, undefined> {
  const vectors = columns.map(({ at }) => batch.getChildAt(at))
  for (let row = 0; row < batch.numRows; row++) {
    const values = Object.create(null) as Record<string, string | null> // As every importer's rows: without a prototype.
    for (const [i, { name, names, read }] of columns.entries()) {
      const value: unknown = vectors[i]?.get(row) ?? null
      values[name] = value === null ? null : (cellText(read(value), names) ?? null)
    }
    yield values
  }
}

function unreadable(path: string, cause: unknown): InputError {
  if (cause instanceof InputError) return cause
  const name = basename(path)
  const why = cause instanceof ArrowRefusal ? cause.message : 'It may be damaged, or of the first Feather format'
  const message = `${name} cannot be read as Arrow. ${why}. Otherwise write it as Parquet.`
  return new InputError('data_arrow_unreadable', message, { file: path }, { cause })
}
