import { rename, rm } from 'node:fs/promises'
import writeExcelFile from 'write-excel-file/node'
import { harmlessText, type Cell } from './write-csv.ts'

export interface Sheet {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>
}

/** Rows of a sheet, its header among them. */
export const MOST_SHEET_ROWS = 1_048_576
/** Characters of a cell; what is longer is cut. */
export const MOST_CELL_CHARACTERS = 32_767

/** What XML cannot hold. */
// eslint-disable-next-line no-control-regex -- control characters are exactly what has to go
const unfit = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

type XlsxCell = { readonly value: string | number | boolean; readonly fontWeight?: 'bold' } | null

function cellOf(cell: Cell): XlsxCell {
  if (cell === null || cell === '') return null
  if (typeof cell !== 'string') return { value: cell }
  const text = harmlessText(cell).toWellFormed().replace(unfit, '').slice(0, MOST_CELL_CHARACTERS)
  return text === '' ? null : { value: text }
}

async function sheetOf({ name, columns, rows }: Sheet) {
  const data: XlsxCell[][] = [columns.map((value) => ({ value: harmlessText(value), fontWeight: 'bold' as const }))]
  for await (const cells of rows) data.push(cells.map(cellOf))
  return { data, sheet: name, stickyRowsCount: 1 }
}

/** Writes a workbook aside and renames it. It is made in memory: some six times the size of the texts. */
export async function writeXlsx(path: string, sheets: readonly Sheet[]): Promise<void> {
  const aside = `${path}.${process.pid}.tmp`
  const made = []
  for (const sheet of sheets) made.push(await sheetOf(sheet))
  try {
    await writeExcelFile(made).toFile(aside)
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}
