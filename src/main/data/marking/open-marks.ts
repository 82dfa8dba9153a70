import type { DatasetId } from '../../../preload/contract/common.ts'
import type { ColumnSummary, DatasetSummary } from '../../../preload/contract/data.ts'
import type { Passage } from '../../../preload/contract/marking.ts'
import { InputError } from '../../base/errors.ts'
import type { Datasets } from '../datasets/datasets.ts'
import { Journal } from '../labels/journal.ts'
import { parseSpans } from '../spans/span.ts'
import { MarkBook, TABLE } from './book.ts'
import { markEntry, type MarkEntry } from './entries.ts'
import { fromSpans } from './passages.ts'

/** What marking needs of the data sets. */
export type MarkingData = Pick<Datasets, 'get' | 'textsAt' | 'cellsAt' | 'allRows' | 'journalPath' | 'revise' | 'setRoles'>

export interface OpenMarks {
  readonly book: MarkBook
  readonly journal: Journal<MarkEntry>
  readonly column: string
  readonly isNewColumn: boolean
  savedAt: string | null
}

export const journalOf = (datasets: MarkingData, id: DatasetId): Journal<MarkEntry> =>
  new Journal(datasets.journalPath(id, 'marks'), markEntry)

const isMarks = ({ looksLike }: ColumnSummary): boolean => looksLike === 'marks'

/** The column with marks: the one to be learned if that has some, else the first; null where there is none. */
export function marksColumn({ columns, roles }: Pick<DatasetSummary, 'columns' | 'roles'>): string | null {
  const all = columns.filter(isMarks)
  return (all.find(({ name }) => name === roles.answer) ?? all[0])?.name ?? null
}

/** What was chosen for a data set; else marking where its answers are marks. */
export async function wayOf(datasets: MarkingData, id: DatasetId): Promise<'sort' | 'mark'> {
  const summary = datasets.get(id)
  const chosen = (await journalOf(datasets, id).read()).findLast((entry) => entry.do === 'way')
  if (chosen) return chosen.way
  const { task, questions } = summary.roles
  return task === 'token-classification' || (task === 'question-answering' && questions != null) ? 'mark' : 'sort'
}

/** Reads the table and what was done since. Throws an InputError where it has no column with a text. */
export async function openMarks(datasets: MarkingData, id: DatasetId): Promise<OpenMarks> {
  const summary = datasets.get(id)
  const { roles, columns, name: file } = summary
  if (roles.text === null) throw new InputError('labels-no-text', 'First choose the column with the text.')
  const names = columns.map(({ name }) => name)
  const known = marksColumn(summary)
  const column = known ?? freeName(names)
  const [text, marks] = [names.indexOf(roles.text), names.indexOf(column)]
  const journal = journalOf(datasets, id)
  const entries = await journal.read()
  const changed = new Set(entries.flatMap((entry) => ('by' in entry && entry.by === TABLE ? [entry.line] : [])))
  const bases = new Map<number, readonly Passage[]>()
  const book = new MarkBook()
  for await (const { line, cells } of datasets.allRows(id)) {
    const own = cells[text] ?? ''
    const passages = passagesOf(own, cells[marks] ?? '', { file, line, column })
    book.addRow(line, own.trim() !== '', passages)
    if (passages !== null && changed.has(line)) bases.set(line, passages)
  }
  // Keys that were given stay; kinds of the table that have none get what is left.
  for (const entry of entries) if (entry.do === 'kind') book.apply(entry)
  book.meetKinds()
  for (const entry of entries) {
    if ('by' in entry && book.wantsBase(entry.by, entry.line)) book.begin(entry.line, bases.get(entry.line) ?? [])
    book.apply(entry)
  }
  return { book, journal, column, isNewColumn: known === null, savedAt: null }
}

/** The text of a row, and what its cell marks in it. */
export async function readMarks(
  datasets: MarkingData,
  id: DatasetId,
  { column }: Pick<OpenMarks, 'column'>,
  line: number
): Promise<{ readonly text: string; readonly passages: readonly Passage[] }> {
  const { roles, name: file } = datasets.get(id)
  const cells = await datasets.cellsAt(id, line)
  const text = cells.get(roles.text ?? '') ?? ''
  return { text, passages: passagesOf(text, cells.get(column) ?? '', { file, line, column }) ?? [] }
}

/** What a cell marks; null where it is empty, so that nobody looked. */
export function passagesOf(
  text: string,
  cell: string,
  place: { readonly file: string; readonly line: number; readonly column: string }
): readonly Passage[] | null {
  return cell.trim() === '' ? null : fromSpans(parseSpans(text, cell, place))
}

function freeName(columns: readonly string[]): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'marks' : `marks ${n}`
    if (!columns.includes(name)) return name
  }
}
