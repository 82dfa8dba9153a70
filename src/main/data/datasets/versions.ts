import type { DataEdit, Roles } from '../../../preload/contract/data.ts'
import { assert } from '../../base/assert.ts'
import { InputError } from '../../base/errors.ts'
import { loadDataset } from '../dataset.ts'
import { importerFor } from '../importers/index.ts'
import { keyOfRoles, splitBy, type Division, type KeptParts } from './division.ts'
import { compileEdits, editedTable, noteOf } from './edits.ts'
import { withRenamedKinds } from './question-roles.ts'
import { specOf } from './report.ts'
import { allRows, type StoredRow } from './rows-file.ts'
import { TableWriter } from './table-writer.ts'

/** The version that another one is made from, and where its files lie. */
export interface Origin {
  /** Its table, as the trainer reads it. */
  readonly table: string
  /** Its rows, as pages read them. */
  readonly rows: string
  readonly columns: readonly string[]
  readonly roles: Roles
  readonly division: Division
}

export interface Revised {
  /** SHA-256 of the new table, in hex. */
  readonly hash: string
  readonly note: string
  readonly roles: Roles
  readonly kept: KeptParts | null
}

/**
 * Writes the table of a new version to `to`, as JSON Lines in which every row keeps the line at which it starts in the person's file. The part
 * of each row (training, validation, test) is kept in a column of its own: a relabelled row must not move, or results would not compare.
 * Throws an InputError where nothing would change or a column is unknown.
 */
export async function writeRevision(
  origin: Origin,
  edits: readonly DataEdit[],
  to: string,
  onRows: (rows: number) => void
): Promise<Revised> {
  const { columns, roles } = origin
  const compiled = compileEdits(edits, editedTable(columns, roles))
  const parts = await partsOf(origin)
  const kept = parts && { column: freeName(compiled.columns), key: keyOfRoles(roles) }
  const table = new TableWriter(to)
  try {
    for await (const row of allRows(origin.rows)) {
      const cells = compiled.change(row)
      if (cells === null) continue
      const part = kept && (isMoved(origin, row, cells) ? '' : (parts.get(row.line) ?? ''))
      await table.add(row.line, recordOf(compiled.columns, cells, kept, part ?? ''))
      if (table.count % TOLD_EVERY === 0) onRows(table.count)
    }
  } finally {
    await table.close()
  }
  if (table.count === 0) throw new InputError('revision-leaves-nothing', 'No row would be left. Keep some of them.')
  const added = edits.find((edit) => edit.kind === 'add-column')
  const answer = roles.answer ?? added?.column ?? null
  return { hash: table.digest(), note: noteOf(edits, compiled.counts), roles: revisedRoles(roles, answer, edits), kept }
}

/** The same for rows that lie at `replaced`, one for each of the table's, at the same lines and in the same columns. */
export async function writeReplaced(
  origin: Origin,
  replaced: string,
  note: string,
  to: string,
  onRows: (rows: number) => void
): Promise<Revised> {
  const { columns, roles } = origin
  const parts = await partsOf(origin)
  const kept = parts && { column: freeName(columns), key: keyOfRoles(roles) }
  const table = new TableWriter(to)
  const next = allRows(replaced)
  try {
    for await (const row of allRows(origin.rows)) {
      const { value } = await next.next()
      assert(value?.line === row.line, 'every row has its replacement')
      const part = kept && (isMoved(origin, row, value.cells) ? '' : (parts.get(row.line) ?? ''))
      await table.add(row.line, recordOf(columns, value.cells, kept, part ?? ''))
      if (table.count % TOLD_EVERY === 0) onRows(table.count)
    }
  } finally {
    await next.return()
    await table.close()
  }
  return { hash: table.digest(), note, roles, kept }
}

const TOLD_EVERY = 5000

function revisedRoles(roles: Roles, answer: string | null, edits: readonly DataEdit[]): Roles {
  const questions = withRenamedKinds(roles, edits)
  return { ...roles, answer, ...(questions && { questions }) }
}

function recordOf(
  columns: readonly string[],
  cells: readonly string[],
  kept: KeptParts | null,
  part: string
): Readonly<Record<string, string>> {
  // Without a prototype a column named `__proto__` is a column like any other.
  const values = Object.create(null) as Record<string, string>
  for (const [i, column] of columns.entries()) values[column] = cells[i] ?? ''
  if (kept !== null) values[kept.column] = part
  return values
}

const PARTS = ['train', 'validation', 'test'] as const

/** The part of each row by its line; null where the data cannot be divided yet, as without answers. */
async function partsOf({ table, roles, division }: Origin): Promise<ReadonlyMap<number, string> | null> {
  if (roles.text === null || roles.answer === null) return null
  try {
    const dataset = await loadDataset(specOf(table, roles, division))
    const split = await splitBy(dataset, division)
    return new Map(PARTS.flatMap((part) => [...split[part]].map((row) => [dataset.lines[row] ?? 0, part] as const)))
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return division.kept === null ? null : keptParts(table, division.kept.column)
  }
}

async function keptParts(table: string, column: string): Promise<ReadonlyMap<number, string>> {
  const importer = importerFor(table)
  const { format } = await importer.probe(table)
  const parts = new Map<number, string>()
  for await (const { line, values } of importer.rows(table, format)) parts.set(line, values[column] ?? '')
  return parts
}

/** Whether a row now belongs elsewhere: with another text or group it may have to stand beside other rows. */
function isMoved({ columns, roles }: Origin, row: StoredRow, cells: readonly string[]): boolean {
  const deciding = [roles.text, roles.textPair, roles.belonging === 'column' ? roles.group : null]
  return deciding.some((name) => {
    const at = name === null ? -1 : columns.indexOf(name)
    return at >= 0 && row.cells[at] !== cells[at]
  })
}

function freeName(columns: readonly string[]): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'attune_split' : `attune_split_${n}`
    if (!columns.includes(name)) return name
  }
}
