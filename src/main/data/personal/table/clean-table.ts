import { allRows, readRows, RowsWriter, type StoredRow } from '../../datasets/rows-file.ts'
import type { Actions, PersonalAction } from '../actions.ts'
import { Cleaner, type CleanText, type OneText } from '../cleaner.ts'
import type { Finder } from '../find.ts'
import type { Pseudonyms } from '../surrogates/pseudonyms.ts'
import type { Visible } from '../visible.ts'
import { follow } from './follow.ts'
import { pointingColumns, type Pointing, type TextRoles } from './pointing.ts'

/** Marks and answers, in whatever column they are, change along with the text into which they point. */
export interface CleanTableInput extends TextRoles {
  readonly rowsPath: string
  readonly columns: readonly string[]
  /** By column and kind; what is not named is left. */
  readonly choices: readonly { readonly column: string; readonly kind: string; readonly action: PersonalAction }[]
  /** The column by which dates move together. */
  readonly groupColumn: string | null
  /** Where the rows go; null where only a sample of what is still visible is wanted, of the first rows. */
  readonly outPath: string | null
  readonly visible: number
}

export interface CleanedTable {
  /** Cells that are not as they were. */
  readonly cells: number
  readonly counts: Readonly<Record<string, number>>
  readonly followed: FollowedCounts
  readonly visible: readonly Visible[]
}

/** What became of marks and answers in texts that were cleaned. */
export interface FollowedCounts {
  /** Of which nothing is left in the text. */
  readonly marks: number
  readonly answers: number
  /** Cells that did not fit their text, and were emptied: what they hold cannot be told. */
  readonly unfit: number
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
  const pointing = pointingColumns(columns, await readRows(rowsPath, 0, BATCH), input)
  const work = new TableCleaning(input, pointing, find, pseudonyms)
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
  readonly #pointing: readonly Pointing[]
  /** What goes through each column that is touched. */
  readonly #cleaners: ReadonlyMap<number, Cleaner>
  #cells = 0
  readonly #followed = { marks: 0, answers: 0, unfit: 0 }

  constructor(input: CleanTableInput, pointing: readonly Pointing[], find: Finder, pseudonyms: Pseudonyms) {
    this.#input = input
    this.#pointing = pointing
    const { columns, choices, visible } = input
    const named = new Set(choices.filter(({ action }) => action !== 'leave').map(({ column }) => column))
    this.#cleaners = new Map(
      columns.flatMap((column, at) => {
        if (pointing.some((each) => each.at === at) || (!named.has(column) && visible === 0)) return []
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
        if (!row || !one) continue
        this.#follow(at, row, copy.cells, one)
        if (one.edits.length === 0) continue
        copy.cells[at] = one.text
        this.#cells++
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
    return { cells: this.#cells, counts, followed: { ...this.#followed }, visible: evenly(visible, this.#input.visible) }
  }

  #groupOf({ cells }: StoredRow): string {
    const { columns, groupColumn } = this.#input
    return groupColumn === null ? '' : (cells[columns.indexOf(groupColumn)] ?? '')
  }

  #follow(text: number, { cells }: StoredRow, next: string[], clean: CleanText): void {
    for (const { at, kind } of this.#pointing.filter((each) => each.text === text)) {
      const cell = cells[at] ?? ''
      if (cell.trim() === '') continue
      const followed = follow(kind, cells[text] ?? '', cell, clean)
      next[at] = clean.edits.length === 0 && followed ? cell : (followed?.cell ?? '')
      if (followed === null) this.#followed.unfit++
      else this.#followed[kind === 'marks' ? 'marks' : 'answers'] += followed.gone
    }
  }
}

const actionsOf = (column: string, choices: CleanTableInput['choices']): Actions => ({
  byKind: Object.fromEntries(choices.filter((choice) => choice.column === column).map(({ kind, action }) => [kind, action])),
  other: 'leave'
})

const evenly = <T>(list: readonly T[], most: number): readonly T[] =>
  list.length <= most ? list : Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)] as T) // Within the list.
