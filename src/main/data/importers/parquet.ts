import { parquetMetadataAsync, parquetSchema, type AsyncBuffer, type FileMetaData, type RowGroup } from 'hyparquet'
import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { counted } from '../../base/wording.ts'
import type { OpenFile } from '../../base/sealed/open-file.ts'
import type { OnRejected } from '../documents/rejected.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { cellText, classNamesIn, type ClassNames } from '../parquet/features.ts'
import { cellsOf } from '../parquet/read-column.ts'
import { openDataFile } from '../source/bytes.ts'
import { tellBytesRead } from '../source/bytes-read.ts'
import { readAt } from '../source/old-office.ts'
import { probeRows } from './probe-rows.ts'
import type { ImportOptions, Probe, Row, TableFormat, TableReader } from './define-importer.ts'

/** Bytes of the description at the end of a file: it grows with columns and row groups, and is read whole. */
const MOST_DESCRIPTION = 64 * 2 ** 20

/** Columnar tables. A row's line is its place in the file. Class numbers become names where the file notes them; lists are joined by `; `. */
export const parquetImporter: TableReader = { probe, rows }

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
  const file = await sourceOf(handle)
  const metadata = await describe(path, handle, file)
  const columns = columnsOf(path, metadata, limits.columns, onRejected)
  let line = 0
  try {
    for (const group of metadata.row_groups) {
      for await (const values of rowsOf(file, metadata, group, columns)) {
        if (++line % 1000 === 0) {
          signal?.throwIfAborted()
          // Columns lie beside each other: rows tell how far it is.
          tellBytesRead(path, (file.byteLength * line) / Math.max(1, Number(metadata.num_rows)))
        }
        yield { line, values }
      }
    }
  } catch (error) {
    if (signal?.aborted === true) throw error
    throw unreadable(path, error)
  }
}

async function sourceOf(handle: OpenFile): Promise<AsyncBuffer> {
  const { size } = await handle.stat()
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start))
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start)
      return bytes.buffer.slice(0, bytesRead)
    }
  }
}

async function describe(path: string, handle: OpenFile, file: AsyncBuffer): Promise<FileMetaData> {
  const end = await readAt(handle, Math.max(0, file.byteLength - 8), 8)
  const mark = end.toString('latin1', 4)
  if (mark === 'PARE') throw encrypted(path)
  if (mark !== 'PAR1' || end.readUInt32LE(0) > MOST_DESCRIPTION) throw unreadable(path)
  return parquetMetadataAsync(file).catch((error: unknown) => {
    throw unreadable(path, error)
  })
}

interface Column {
  readonly name: string
  readonly names: readonly string[] | undefined
}

/** Columns whose cells can be text: no structures, no lists of lists. */
function columnsOf(path: string, metadata: FileMetaData, most: number, onRejected: OnRejected | undefined): readonly Column[] {
  const { children } = schemaOf(path, metadata)
  if (children.length > most)
    throw new InputError('data_too_many_columns', `${basename(path)} has more than ${counted(most, 'column')}. Leave some out.`, {
      file: path
    })
  const names: ClassNames = classNamesIn(metadata)
  return children.flatMap(({ element: { name }, children: inner }) => {
    if (inner.length === 0 || isList(inner)) return [{ name, names: names.get(name) }]
    onRejected?.({
      file: basename(path),
      place: `column ${name}`,
      reason: 'Its cells hold several values with names, so the column was left out. Write each as a column of its own.'
    })
    return []
  })
}

type Schema = ReturnType<typeof parquetSchema>

/** A list of single values: `list.element`, or an older form of it. */
const isList = (inner: Schema['children']): boolean =>
  inner.length === 1 && inner.every(({ children }) => children.length <= 1 && children.every((one) => one.children.length === 0))

function schemaOf(path: string, metadata: FileMetaData): Schema {
  try {
    return parquetSchema(metadata)
  } catch (error) {
    throw unreadable(path, error)
  }
}

async function* rowsOf(
  file: AsyncBuffer,
  metadata: FileMetaData,
  group: RowGroup,
  columns: readonly Column[]
): AsyncGenerator<Row['values'], void, undefined> {
  const sources = columns.map(({ name, names }) => ({
    name,
    names,
    next: cellsOf(file, metadata, group, name),
    held: [] as ArrayLike<unknown>,
    at: 0
  }))
  const count = Number(group.num_rows)
  for (let row = 0; row < count; row++) {
    const values = Object.create(null) as Record<string, string | null> // As every importer's rows: without a prototype.
    for (const source of sources) {
      while (source.at >= source.held.length) {
        const { value, done } = await source.next.next()
        if (done === true) throw new RangeError('A column has fewer cells than there are rows.')
        source.held = value
        source.at = 0
      }
      values[source.name] = cellText(source.held[source.at++], source.names) ?? null
    }
    yield values
  }
}

const encrypted = (path: string): InputError =>
  new InputError('data_parquet_encrypted', `${basename(path)} is encrypted. Write it without encryption, or as CSV (UTF-8).`, {
    file: path
  })

function unreadable(path: string, cause?: unknown): InputError {
  if (cause instanceof InputError) return cause
  const message = `${basename(path)} cannot be read as Parquet. It may be damaged, or its pages are larger than 64 MiB: write it again, with smaller row groups.`
  return new InputError('data_parquet_unreadable', message, { file: path }, { cause })
}
