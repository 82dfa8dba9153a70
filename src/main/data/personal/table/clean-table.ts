import { allRows, readRows, RowsWriter, type StoredRow } from '../../datasets/rows-file.ts'
import { parseSpans, spansCell } from '../../spans/span.ts'
import type { Actions, PersonalAction } from '../actions.ts'
import { Cleaner, type CleanText, type OneText } from '../cleaner.ts'
import type { Finder } from '../find.ts'
import { moved } from '../rewrite.ts'
import type { Pseudonyms } from '../surrogates/pseudonyms.ts'
import type { Visible } from '../visible.ts'
import { marksColumns } from './marks-columns.ts'

export interface CleanTableInput {
  readonly rowsPath: string
  readonly columns: readonly string[]
  /** By column and kind; what is not named is left. */
  readonly choices: readonly { readonly column: string; readonly kind: string; readonly action: PersonalAction }[]
  /** The column by which dates move together. */
  readonly groupColumn: string | null
  /** The column whose marks, in whatever column they are, move along with its text. */
  readonly textColumn: string | null
  /** Where the rows go; null where only a sample of what is still visible is wanted, of the first rows. */
  readonly outPath: string | null
  readonly visible: number
}

export interface CleanedTable {
  /** Cells that are not as they were. */
  readonly cells: number
  readonly counts: Readonly<Record<string, number>>
  readonly visible: readonly Visible[]
}

const BATCH = 200
const SAMPLED_ROWS = 2000

/** Lays the rows of a table down once more, clean, each at its line. */
export async function cleanTable(
  input: CleanTableInput,
  {
    find,
    pseudonyms,
    onRows
  }: { readonly find: Finder; readonly pseudonyms: Pseudonyms; readonly onRows: (rows: number) => void }
): Promise<CleanedTable> {
  const { rowsPath, columns, outPath } = input
  const marks = marksColumns(columns, await readRows(rowsPath, 0, BATCH))
  const work = new TableCleaning(input, marks, find, pseudonyms)
  const writer = outPath === null ? null : new RowsWriter(outPath)
  let [held, done] = [[] as StoredRow[], 0]
  try {
    const flush = async (): Promise<void> => {
      for (const { line, cells } of await work.clean(held)) await writer?.add(line, cells)
      done += held.length
      held = []
      onRows(done)
    }
    for await (const row of allRows(rowsPath)) {
      if (writer === null && done + held.length >= SAMPLED_ROWS) break
      held.push(row)
      if (held.length === BATCH) await flush()
    }
    await flush()
  } finally {
    await writer?.close()
  }
  return work.result()
}

class TableCleaning {
  readonly #input: CleanTableInput
  readonly #marks: ReadonlySet<string>
  /** What goes through each column that is touched. */
  readonly #cleaners: ReadonlyMap<number, Cleaner>
  #cells = 0

  constructor(input: CleanTableInput, marks: ReadonlySet<string>, find: Finder, pseudonyms: Pseudonyms) {
    this.#input = input
    this.#marks = marks
    const { columns, choices, visible } = input
    const named = new Set(choices.filter(({ action }) => action !== 'leave').map(({ column }) => column))
    this.#cleaners = new Map(
      columns.flatMap((column, at) => {
        if (marks.has(column) || (!named.has(column) && visible === 0)) return []
        return [[at, new Cleaner({ find, actions: actionsOf(column, choices), pseudonyms, visible, found: 0 })]]
      })
    )
  }

  async clean(rows: readonly StoredRow[]): Promise<readonly StoredRow[]> {
    const copies = rows.map(({ line, cells }) => ({ line, cells: [...cells] }))
    for (const [at, cleaner] of this.#cleaners) {
      const texts = rows.map((row): OneText => ({ text: row.cells[at] ?? '', group: this.#groupOf(row) }))
      const clean = await cleaner.clean(texts)
      for (const [i, copy] of copies.entries()) {
        const [row, one] = [rows[i], clean[i]]
        if (!row || !one || one.edits.length === 0) continue
        copy.cells[at] = one.text
        this.#cells++
        if (this.#input.columns[at] === this.#input.textColumn) this.#moveMarks(row, copy.cells, one)
      }
    }
    return copies
  }

  result(): CleanedTable {
    const counts: Record<string, number> = {}
    for (const [at, cleaner] of this.#cleaners) {
      const touched = actionsOf(this.#input.columns[at] ?? '', this.#input.choices).byKind
      for (const [kind, count] of Object.entries(cleaner.takeCounts()))
        if ((touched[kind] ?? 'leave') !== 'leave') counts[kind] = (counts[kind] ?? 0) + count
    }
    const visible = [...this.#cleaners.values()].flatMap((cleaner) => cleaner.visible.sample)
    return { cells: this.#cells, counts, visible: evenly(visible, this.#input.visible) }
  }

  #groupOf({ cells }: StoredRow): string {
    const { columns, groupColumn } = this.#input
    return groupColumn === null ? '' : (cells[columns.indexOf(groupColumn)] ?? '')
  }

  #moveMarks({ line, cells }: StoredRow, next: string[], { text, edits }: CleanText): void {
    const { columns, textColumn } = this.#input
    const before = cells[columns.indexOf(textColumn ?? '')] ?? ''
    for (const column of this.#marks) {
      const at = columns.indexOf(column)
      const cell = cells[at] ?? ''
      if (cell.trim() === '') continue
      // Marks of another text stay as they are: they cannot be told to belong to this one.
      const marks = readable(() => parseSpans(before, cell, { file: '', line, column }))
      if (marks) next[at] = spansCell(text, moved(marks, edits))
    }
  }
}

function readable<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}

const actionsOf = (column: string, choices: CleanTableInput['choices']): Actions => ({
  byKind: Object.fromEntries(choices.filter((choice) => choice.column === column).map(({ kind, action }) => [kind, action])),
  other: 'leave'
})

const evenly = <T>(list: readonly T[], most: number): readonly T[] =>
  list.length <= most ? list : Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)] as T) // Within the list.
