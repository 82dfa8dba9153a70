import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from '../../base/sealed/fs.ts'
import type { TableFormat } from '../importers/define-importer.ts'
import { importerFor } from '../importers/index.ts'
import { refuseNested } from '../importers/nested.ts'
import { bytesOf } from '../source/bytes.ts'
import { isAnswersCell } from '../questions/parse-answers.ts'
import { isSpansCell } from '../spans/span.ts'
import { ColumnStats, type ColumnFacts } from './column-stats.ts'
import { RowsWriter } from './rows-file.ts'
import { TableWriter } from './table-writer.ts'

/** Copies a file and says what it holds: SHA-256 in hex. Refuses what is no ordinary file. */
export async function copyHashed(from: string, to: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  const out = createWriteStream(to, { mode: 0o400, flags: 'wx' })
  try {
    for await (const bytes of bytesOf(from, signal)) {
      hash.update(bytes)
      // The chunk's buffer is used again for the next one.
      if (!out.write(Buffer.from(bytes))) await once(out, 'drain')
    }
  } finally {
    out.end()
    await once(out, 'close')
  }
  return hash.digest('hex')
}

/**
 * Lays a workbook's first sheet down as JSON Lines, which streams: every later reading then takes the memory of one row. A row keeps its
 * number, so that line 7 of the file is row 7 of the sheet.
 */
export async function flattenWorkbook(from: string, to: string, signal?: AbortSignal): Promise<void> {
  const importer = importerFor(from)
  const { format } = await importer.probe(from, {}, signal)
  const table = new TableWriter(to)
  try {
    for await (const { line, values } of importer.rows(from, format, signal)) await table.add(line, values)
  } finally {
    await table.close()
  }
}

export interface Scanned {
  readonly format: TableFormat
  readonly columns: readonly ColumnFacts[]
  readonly rows: number
}

const TOLD_EVERY = 5000

export interface ScanOptions {
  /** Told every few thousand rows how many there are so far. */
  readonly onRows?: (rows: number) => void
  /** A column that only the trainer reads. */
  readonly hidden?: string | null
  readonly signal?: AbortSignal
}

/** Reads a table once from end to end: what its columns hold, and its rows laid down at `rowsPath` for paging. */
export async function scanTable(
  path: string,
  rowsPath: string,
  { onRows, hidden = null, signal }: ScanOptions = {}
): Promise<Scanned> {
  const importer = importerFor(path)
  const { format, columns: all } = await importer.probe(path, {}, signal)
  const columns = all.filter((name) => name !== hidden)
  const stats = columns.map((name) => new ColumnStats(name))
  const writer = new RowsWriter(rowsPath)
  try {
    for await (const row of importer.rows(path, format, signal)) {
      const { line, values } = row
      // A list of marks or answers is a column of its own kind.
      refuseNested(
        path,
        row,
        columns.filter((name) => !isSpansCell(values[name] ?? '') && !isAnswersCell(values[name] ?? ''))
      )
      const cells = columns.map((name) => values[name] ?? '')
      for (const [i, cell] of cells.entries()) stats[i]?.add(cell)
      await writer.add(line, cells)
      if (writer.count % TOLD_EVERY === 0) onRows?.(writer.count)
    }
  } finally {
    await writer.close()
  }
  onRows?.(writer.count)
  return { format, columns: stats.map((each) => each.facts()), rows: writer.count }
}
