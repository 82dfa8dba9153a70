import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { ColumnStats, type ColumnFacts } from '../../data/datasets/column-stats.ts'
import { RowsWriter } from '../../data/datasets/rows-file.ts'
import { importerAt } from '../../data/importers/at.ts'

export interface LaidRows {
  readonly columns: readonly ColumnFacts[]
  readonly rows: number
  /** Rows and documents that cannot be read; attune inspect lists them. */
  readonly leftOut: number
}

const TOLD_EVERY = 5000

/** Lays the rows of any data down for paging, without those that cannot be read. Throws an InputError where there are none. */
export async function layRows(
  data: string,
  rowsPath: string,
  { onRows, signal }: { readonly onRows: (done: number) => void; readonly signal: AbortSignal }
): Promise<LaidRows> {
  const importer = await importerAt(data)
  const { format, columns } = await importer.probe(data, { leaveOut: true }, signal)
  const stats = columns.map((name) => new ColumnStats(name))
  const writer = new RowsWriter(rowsPath)
  let leftOut = 0
  try {
    for await (const { line, values } of importer.rows(data, format, signal, () => leftOut++)) {
      const cells = columns.map((name) => values[name] ?? '')
      for (const [i, cell] of cells.entries()) stats[i]?.add(cell)
      await writer.add(line, cells)
      if (writer.count % TOLD_EVERY === 0) onRows(writer.count)
    }
  } finally {
    await writer.close()
  }
  if (writer.count > 0) return { columns: stats.map((each) => each.facts()), rows: writer.count, leftOut }
  throw new InputError('data_no_rows', `${basename(data)} has no rows that can be read. attune inspect says why.`, { file: data })
}
