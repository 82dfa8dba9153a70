import { parquetRead, type AsyncBuffer, type ColumnMetaData, type FileMetaData, type RowGroup } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { pageGroups, type PageGroup, type Stretch } from './column-pages.ts'

/** A column that is read whole, because its cells are lists: unpacked bytes in one row group. */
const MOST_WHOLE = 64 * 2 ** 20

/** Bytes before the first page in a file of pages: an offset of 0 means that there is none. */
const LEAD = 4

/** The cells of a column in one row group, in order, some thousand at a time. Throws a RangeError, or what hyparquet throws, for damaged files. */
export async function* cellsOf(
  file: AsyncBuffer,
  metadata: FileMetaData,
  group: RowGroup,
  name: string
): AsyncGenerator<ArrayLike<unknown>, void, undefined> {
  const chunks = group.columns.filter(({ meta_data }) => meta_data?.path_in_schema[0] === name)
  const [chunk] = chunks
  const column = chunk?.meta_data
  if (!column || chunks.some(({ file_path }) => file_path !== undefined && file_path !== ''))
    throw new RangeError('A column is missing.')
  if (chunks.length === 1 && column.path_in_schema.length === 1) {
    for await (const pages of pageGroups(file, column))
      yield* await pageCells(file, metadata, { ...group, columns: [chunk] }, column, pages)
    return
  }
  const unpacked = chunks.reduce((sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0), 0)
  if (unpacked > MOST_WHOLE) throw new RangeError('A column of lists is too large.')
  yield* await cells(file, { ...metadata, num_rows: group.num_rows, row_groups: [{ ...group, columns: chunks }] }, name)
}

/** Reads some pages as a file of their own: hyparquet reads whole columns, and a column may not fit into memory. */
async function pageCells(
  file: AsyncBuffer,
  metadata: FileMetaData,
  group: RowGroup,
  column: ColumnMetaData,
  { dictionary, pages, rows }: PageGroup
): Promise<readonly ArrayLike<unknown>[]> {
  const parts = await Promise.all([dictionary, pages].map((part) => bytesOf(file, part)))
  const bytes = Buffer.concat([Buffer.alloc(LEAD), ...parts])
  const own: ColumnMetaData = {
    ...column,
    num_values: BigInt(rows),
    data_page_offset: BigInt(LEAD + (dictionary?.bytes ?? 0)),
    total_compressed_size: BigInt(bytes.length - LEAD)
  }
  if (dictionary) own.dictionary_page_offset = BigInt(LEAD)
  else delete own.dictionary_page_offset
  const part: AsyncBuffer = {
    byteLength: bytes.length,
    slice: (start, end = bytes.length) => Uint8Array.from(bytes.subarray(start, end)).buffer
  }
  const first = group.columns[0]
  const columns = [{ ...(first ?? { file_offset: 0n }), meta_data: own }]
  const alone = { ...group, num_rows: BigInt(rows), columns }
  return cells(part, { ...metadata, num_rows: BigInt(rows), row_groups: [alone] }, column.path_in_schema[0] ?? '')
}

async function bytesOf(file: AsyncBuffer, part: Stretch | null): Promise<Uint8Array> {
  return part === null ? new Uint8Array() : new Uint8Array(await file.slice(part.offset, part.offset + part.bytes))
}

/** A page of a few bytes may stand for a million rows: they are taken as a column, since an object for each takes a hundred megabytes. */
async function cells(file: AsyncBuffer, metadata: FileMetaData, name: string): Promise<readonly ArrayLike<unknown>[]> {
  const parts: ArrayLike<unknown>[] = []
  await parquetRead({
    file,
    metadata,
    columns: [name],
    compressors,
    onChunk: ({ columnData }) => void parts.push(columnData)
  })
  return parts
}
