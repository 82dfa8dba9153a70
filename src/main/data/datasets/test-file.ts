import type { SplitSettings } from '../../../preload/contract/data.ts'
import { InputError } from '../../base/errors.ts'
import { counted, shown, shownList } from '../../base/wording.ts'
import type { Origin } from './versions.ts'
import { keyOf } from './row-key.ts'
import { allRows, type StoredRow } from './rows-file.ts'
import { TableWriter } from './table-writer.ts'

/** A data set whose rows become the test of another. */
export interface TestTable {
  /** As the person calls it. */
  readonly name: string
  readonly rows: string
  readonly columns: readonly string[]
}

export interface WithTest {
  /** SHA-256 of the new table, in hex. */
  readonly hash: string
  readonly note: string
  /** The column that says which rows are the test. */
  readonly column: string
}

/** The columns that both tables must have. */
function requireColumns({ roles }: Origin, { name, columns }: TestTable): void {
  const { text, textPair, answer, group, belonging } = roles
  const needed = [text, textPair, answer, belonging === 'column' ? group : null].filter((each) => each !== null)
  const missing = needed.filter((each) => !columns.includes(each))
  if (missing.length === 0) return
  throw new InputError(
    'test-file-columns',
    `${name} has no column ${shownList(missing)}, which these data are read by. Its columns are ${shownList(columns, 20)}. Name them alike in both files, then open the second one again.`
  )
}

/**
 * Writes the table of a version to `to` in which the rows of another table are the test. Rows that repeat the text of one of them are left out, so
 * that nothing is tested that was learned. The rows of the test follow those of the first table, with line numbers that go on from its last.
 * Throws an InputError where the other table lacks a column, or nothing would be left to learn from.
 */
export async function writeWithTest(
  origin: Origin,
  test: TestTable,
  to: string,
  onRows: (rows: number) => void
): Promise<WithTest> {
  requireColumns(origin, test)
  const { columns, roles } = origin
  const keyIn = keyIndex(columns, roles)
  const keyOut = keyIndex(test.columns, roles)
  const tested = new Set<string>()
  for await (const row of allRows(test.rows)) tested.add(keyOut(row))
  const column = freePart(columns)
  const table = new TableWriter(to)
  let [dropped, last, added] = [0, 0, 0]
  const tell = (): void => {
    if (table.count % TOLD_EVERY === 0) onRows(table.count)
  }
  try {
    for await (const row of allRows(origin.rows)) {
      last = row.line
      if (tested.has(keyIn(row))) dropped++
      else await table.add(row.line, recordOf(columns, row.cells, column, ''))
      tell()
    }
    if (table.count === 0) throw nothingLeft(test.name)
    for await (const { line, cells } of allRows(test.rows)) {
      const own = columns.map((name) => cells[test.columns.indexOf(name)] ?? '')
      await table.add(last + line, recordOf(columns, own, column, 'test'))
      added++
      tell()
    }
  } finally {
    await table.close()
  }
  const repeated = dropped === 0 ? '' : `, ${counted(dropped, 'row that repeats', 'rows that repeat')} one of them dropped`
  return { hash: table.digest(), note: `${counted(added, 'row')} of ${test.name} are the test${repeated}`, column }
}

/** The division of such a version: what is not tested is divided into the other two parts as before. */
export function splitWithTest({ train, validation, ...rest }: SplitSettings, column: string): SplitSettings {
  const share = Math.round((1000 * validation) / (train + validation)) / 1000
  return { ...rest, train: Math.round(1000 * (1 - share)) / 1000, validation: share, test: 0, column, date: null, folds: null }
}

const TOLD_EVERY = 5000

function keyIndex(columns: readonly string[], { text, textPair }: Origin['roles']): (row: StoredRow) => string {
  const [first, second] = [text, textPair].map((name) => (name === null ? -1 : columns.indexOf(name)))
  return ({ cells }) => keyOf(cells[first ?? -1] ?? '', cells[second ?? -1] ?? '')
}

function recordOf(
  columns: readonly string[],
  cells: readonly string[],
  part: string,
  value: string
): Readonly<Record<string, string>> {
  // Without a prototype a column named `__proto__` is a column like any other.
  const record = Object.create(null) as Record<string, string>
  for (const [i, name] of columns.entries()) record[name] = cells[i] ?? ''
  record[part] = value
  return record
}

function freePart(columns: readonly string[]): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'part' : `part ${n}`
    if (!columns.includes(name)) return name
  }
}

const nothingLeft = (name: string): InputError =>
  new InputError(
    'revision-leaves-nothing',
    `Every row stands in ${shown(name)} as well, so that none would be left to learn from.`
  )
