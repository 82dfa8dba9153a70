import type { DataEdit, Roles } from '../../../preload/contract/data.ts'
import { InputError } from '../../base/errors.ts'
import { counted, shown } from '../../base/wording.ts'
import { renamedCell } from '../spans/rename-kinds.ts'
import { asksOfEach } from './question-roles.ts'
import type { StoredRow } from './rows-file.ts'

/** What edits came to. */
export interface EditCounts {
  labelled: number
  corrected: number
  unlabelled: number
  changed: number
  dropped: number
  renamed: number
}

/** Edits made ready: each row goes through `change`, which says its new cells, or null where the row goes. */
export interface CompiledEdits {
  readonly columns: readonly string[]
  readonly change: (row: StoredRow) => readonly string[] | null
  readonly counts: Readonly<EditCounts>
}

export interface EditedTable {
  readonly columns: readonly string[]
  /** The column with the answers. */
  readonly answer: string | null
  readonly separator: string | null
  /** Whether answers are marked passages: a rename is of their kinds then. */
  readonly areMarks: boolean
}

/** A table as its roles say. */
export const editedTable = (columns: readonly string[], { answer, separator, task, questions }: Roles): EditedTable => ({
  ...{ columns, answer, separator },
  areMarks: task === 'token-classification' || asksOfEach({ task, questions })
})

type Step = (row: { readonly line: number; readonly cells: string[] }) => boolean

/** Makes edits ready to be applied row by row, in their order. Throws an InputError for a column that the table does not have. */
export function compileEdits(edits: readonly DataEdit[], table: EditedTable): CompiledEdits {
  const counts: EditCounts = { labelled: 0, corrected: 0, unlabelled: 0, changed: 0, dropped: 0, renamed: 0 }
  const columns = [...table.columns]
  const steps = edits.map((edit) => stepOf(edit, columns, table, counts))
  return {
    columns,
    counts,
    change: ({ line, cells }) => {
      const row = { line, cells: columns.map((_, i) => cells[i] ?? '') }
      if (steps.every((step) => step(row))) return row.cells
      counts.dropped++
      return null
    }
  }
}

/** One edit as a step that changes a row in place and says whether the row stays. */
function stepOf(edit: DataEdit, columns: string[], table: EditedTable, counts: EditCounts): Step {
  switch (edit.kind) {
    case 'add-column':
      if (columns.includes(edit.column)) throw taken(edit.column)
      columns.push(edit.column)
      return () => true
    case 'set':
      return setStep(edit.cells, columns, table, counts)
    case 'drop': {
      const lines = new Set(edit.lines)
      return ({ line }) => !lines.has(line)
    }
    case 'rename':
      return renameStep(edit, columns, table, counts)
    case 'drop-classes': {
      const [at, gone] = [placeOf(edit.column, columns), new Set(edit.classes)]
      return ({ cells }) => !gone.has(tidy(cells[at] ?? ''))
    }
  }
}

function setStep(
  wanted: Extract<DataEdit, { kind: 'set' }>['cells'],
  columns: readonly string[],
  { answer }: EditedTable,
  counts: EditCounts
): Step {
  const byLine = new Map<number, { at: number; value: string; isAnswer: boolean }[]>()
  for (const { line, column, value } of wanted) {
    const all = byLine.get(line) ?? []
    all.push({ at: placeOf(column, columns), value, isAnswer: column === answer || answer === null })
    byLine.set(line, all)
  }
  return ({ line, cells }) => {
    for (const { at, value, isAnswer } of byLine.get(line) ?? []) {
      const before = cells[at] ?? ''
      if (before === value) continue
      cells[at] = value
      counts[isAnswer ? whatHappened(before, value) : 'changed']++
    }
    return true
  }
}

const whatHappened = (before: string, after: string): 'labelled' | 'corrected' | 'unlabelled' =>
  before.trim() === '' ? 'labelled' : after.trim() === '' ? 'unlabelled' : 'corrected'

function renameStep(
  { column, from, to }: Extract<DataEdit, { kind: 'rename' }>,
  columns: readonly string[],
  { answer, separator, areMarks }: EditedTable,
  counts: EditCounts
): Step {
  const [at, old] = [placeOf(column, columns), new Set(from.map(tidy))]
  const kinds = new Map([...old].map((name) => [name, to]))
  const renamed = (cell: string): string => {
    if (areMarks && column === answer) return renamedCell(cell, kinds)
    if (separator !== null && column === answer) return renamedParts(cell, separator, old, to)
    return old.has(tidy(cell)) ? to : cell
  }
  return ({ cells }) => {
    const before = cells[at] ?? ''
    const after = renamed(before)
    if (after !== before) counts.renamed++
    cells[at] = after
    return true
  }
}

/** A cell of several classes in which some have another name; each stands once. Cells without any of them stay as they are. */
function renamedParts(cell: string, separator: string, old: ReadonlySet<string>, to: string): string {
  const parts = cell.split(separator).map(tidy)
  if (!parts.some((part) => old.has(part))) return cell
  const next = new Set(parts.map((part) => (old.has(part) ? to : part)).filter((part) => part !== ''))
  // A cell of the separator alone says "none of the classes"; an empty one says that nobody looked.
  return next.size === 0 ? separator : [...next].join(`${separator} `)
}

/** As the data layer compares labels. */
const tidy = (cell: string): string => cell.trim().normalize('NFC')

function placeOf(column: string, columns: readonly string[]): number {
  const at = columns.indexOf(column)
  if (at >= 0) return at
  throw new InputError('revision-column', `The table has no column ${shown(column)}. Choose one that it has.`)
}

const taken = (column: string): InputError =>
  new InputError('revision-column-taken', `The table already has a column ${shown(column)}. Choose another name.`)

/** What was changed, in one line: "12 labels corrected, 3 rows dropped". Throws an InputError where nothing was. */
export function noteOf(edits: readonly DataEdit[], counts: Readonly<EditCounts>): string {
  const renames = edits.flatMap((edit) => (edit.kind === 'rename' ? [renameNote(edit)] : []))
  const parts = [
    counts.labelled > 0 && `${counted(counts.labelled, 'row')} labelled`,
    counts.corrected > 0 && `${counted(counts.corrected, 'label')} corrected`,
    counts.unlabelled > 0 && `${counted(counts.unlabelled, 'label')} taken away`,
    counts.changed > 0 && `${counted(counts.changed, 'cell')} changed`,
    counts.renamed > 0 && `${shortList(renames)} (${counted(counts.renamed, 'row')})`,
    counts.dropped > 0 && `${counted(counts.dropped, 'row')} dropped`
  ].filter((part) => part !== false)
  if (parts.length > 0) return parts.join(', ')
  throw new InputError('revision-empty', 'Nothing would change: the table says this already.')
}

const SHOWN_RENAMES = 3

function shortList(renames: readonly string[]): string {
  const left = renames.length - SHOWN_RENAMES
  const list = renames.slice(0, SHOWN_RENAMES).join(', ')
  return left > 0 ? `${list} and ${left} more` : list
}

/** What a rename did, in a few words. */
export function renameNote({ from, to }: Pick<Extract<DataEdit, { kind: 'rename' }>, 'from' | 'to'>): string {
  const names = from.slice(0, 3).map(shown).join(', ')
  if (to === '') return `${names} taken away`
  return from.length === 1 ? `${names} renamed to ${shown(to)}` : `${names} merged into ${shown(to)}`
}
