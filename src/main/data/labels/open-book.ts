import type { DatasetId } from '../../../preload/contract/common.ts'
import type { Suggestion } from '../../../preload/contract/labels.ts'
import { InputError } from '../../base/errors.ts'
import type { Datasets } from '../datasets/datasets.ts'
import { Book } from './book.ts'
import { labelEntry, type LabelEntry } from './entries.ts'
import { Journal } from './journal.ts'

/** Labels as they stand: the data's own, those of each person who labels by name, and what was settled where they disagree. */
export interface OpenBook {
  readonly book: Book
  readonly people: Map<string, Book>
  readonly settled: Map<number, string>
  readonly journal: Journal<LabelEntry>
  readonly column: string
  readonly isNewColumn: boolean
  readonly suggestions: Map<number, Suggestion>
  savedAt: string | null
}

/** Reads the table and what was done since. Throws an InputError where it has no column with a text, or predicts numbers. */
export async function readBook(datasets: Datasets, id: DatasetId): Promise<OpenBook> {
  const { roles, columns } = datasets.get(id)
  if (roles.text === null) throw new InputError('labels-no-text', 'First choose the column with the text.')
  if (roles.task === 'regression')
    throw new InputError('labels-number', 'These data predict a number. To label them with classes, choose "as a class" above.')
  const names = columns.map(({ name }) => name)
  // Classes of whole texts stand beside the marks of their passages and the answers to questions, not in their place.
  const labels = roles.task === 'text-classification' ? roles.answer : null
  const column = labels ?? freeName(names)
  const [text, answer] = [names.indexOf(roles.text), names.indexOf(column)]
  const book = new Book(roles.separator)
  for await (const { line, cells } of datasets.allRows(id))
    book.addRow(line, cells[answer] ?? '', (cells[text] ?? '').trim() !== '')
  const journal = new Journal(datasets.journalPath(id), labelEntry)
  const entries = await journal.read()
  for (const entry of entries) if (entry.do === 'class') book.apply(entry)
  book.nameKeys()
  const isNewColumn = labels === null
  const open = {
    book,
    people: new Map(),
    settled: new Map(),
    journal,
    column,
    isNewColumn,
    suggestions: new Map(),
    savedAt: null
  }
  for (const entry of entries) applyEntry(open, entry)
  return open
}

/** The labels of a person; '' for the data's own. Who labels by name begins without any, so that nobody copies another. */
export function bookOf({ book, people }: Pick<OpenBook, 'book' | 'people'>, by: string): Book {
  if (by === '') return book
  const own = people.get(by) ?? book.blank()
  people.set(by, own)
  return own
}

/** Does what an entry of the journal says, for whom it concerns. */
export function applyEntry(open: Pick<OpenBook, 'book' | 'people' | 'settled'>, entry: LabelEntry): void {
  const { book, people, settled } = open
  if (entry.do === 'settle') {
    book.at(entry.line)
    settled.set(entry.line, entry.value)
  } else if (entry.do === 'class' || entry.do === 'rename') {
    for (const each of [book, ...people.values()]) each.apply(entry)
    if (entry.do === 'rename') for (const [line, value] of settled) if (value === entry.from) settled.set(line, entry.to)
  } else {
    const { by = '' } = entry
    // Whoever changes the data's own label afterwards has the last word.
    if (entry.do === 'mark' && by === '') settled.delete(entry.line)
    bookOf(open, by).apply(entry)
  }
}

/** Labels of a version beside the data's own: what was settled otherwise, and what somebody said of rows of which the data say nothing. */
export function resultsOf({ book, people, settled }: Pick<OpenBook, 'book' | 'people' | 'settled'>): ReadonlyMap<number, string> {
  const results = new Map([...settled].filter(([line, value]) => book.valueAt(book.at(line)) !== value))
  for (const own of people.values())
    for (const [line, value] of own.marks)
      if (value !== '' && !settled.has(line) && !results.has(line) && book.valueAt(book.at(line)) === null)
        results.set(line, value)
  return results
}

/** What the journal of the next version begins with, without classes. */
export const carriedOf = ({ book, people, settled }: OpenBook): readonly LabelEntry[] => [
  ...[...book.skipped].map((line): LabelEntry => ({ do: 'skip', line, skipped: true })),
  ...[...people].flatMap(([by, own]): readonly LabelEntry[] => [
    ...[...own.marks].map(([line, value]): LabelEntry => ({ do: 'mark', line, value, by })),
    ...[...own.skipped].map((line): LabelEntry => ({ do: 'skip', line, skipped: true, by }))
  ]),
  ...[...settled].map(([line, value]): LabelEntry => ({ do: 'settle', line, value }))
]

function freeName(columns: readonly string[]): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'label' : `label ${n}`
    if (!columns.includes(name)) return name
  }
}
