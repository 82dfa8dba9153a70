import type { MarkFilter, MarkRow, Overlap, Passage } from '../../../preload/contract/marking.ts'
import { InputError } from '../../base/errors.ts'
import type { Layer, MarkEntry } from './entries.ts'
import { Kinds } from './kinds.ts'
import { Layers, renamed } from './layers.ts'
import { changed, overlaps, tidied } from './passages.ts'

/** Whose marks the table's own are. */
export const TABLE = ''

const EMPTY: Layer = { passages: [], finished: false, skipped: false }

/**
 * The marks of a table: what its cells say, and over it what people marked, each for themselves. Rows are found by their lines, which only rise.
 * Of the cells only the number of passages is kept; `wantsBase` says whose are needed before a change of the table's own marks.
 */
export class MarkBook {
  readonly kinds = new Kinds()
  readonly layers = new Layers()
  way: 'sort' | 'mark' | null = null
  note = ''
  readonly #lines: number[] = []
  readonly #hasText: boolean[] = []
  /** Passages of the cell; -1 where it is empty, so that nobody looked. */
  readonly #inCell: number[] = []
  readonly #settled = new Map<number, readonly Passage[]>()
  readonly #touched = new Set<number>()
  #overlap: Overlap | null = null
  #isNested = false
  #total = 0
  #base = { finished: 0, marked: 0 }

  /** Takes in a row of the table, in their order; `passages` is null where the cell is empty. */
  addRow(line: number, hasText: boolean, passages: readonly Passage[] | null): void {
    this.#lines.push(line)
    this.#hasText.push(hasText)
    this.#inCell.push(passages === null ? -1 : passages.length)
    if (hasText) this.#total++
    if (hasText && passages !== null) this.#base.finished++
    if (hasText && passages !== null && passages.length > 0) this.#base.marked++
    this.layers.count(TABLE, passages ?? [], 1)
    this.#isNested ||= (passages ?? []).some((each, i, all) => i > 0 && overlaps(all[i - 1] ?? each, each))
  }

  /** Kinds that the table brings get keys. */
  meetKinds(): void {
    this.kinds.meet(this.layers.countsOf(TABLE).keys())
  }

  /** The choice of the person; marks within marks where the table brings such. */
  get overlap(): Overlap {
    return this.#overlap ?? (this.#isNested ? 'nested' : 'refused')
  }

  /** Rows with a text. */
  get total(): number {
    return this.#total
  }

  /** Rows with a text whose cells say what is marked, and those of them that mark something. */
  get base(): { readonly finished: number; readonly marked: number } {
    return this.#base
  }

  /** Rows whose marks changed since they last went into a version, and that somebody finished or had finished. */
  get pending(): number {
    const rows = [...this.#touched].filter((line) => {
      const result = this.resultAt(line)
      // Somebody else's marks of a row change nothing as long as the table's own stand.
      return result === null ? this.inCell(line) >= 0 : result !== 'cell'
    })
    return rows.length + Number(this.kinds.isRenamed)
  }

  get people(): readonly string[] {
    return this.layers.people.filter((by) => by !== TABLE)
  }

  get settled(): ReadonlyMap<number, readonly Passage[]> {
    return this.#settled
  }

  /** The lines of rows with a text. */
  lines(): readonly number[] {
    return this.#lines.filter((_, row) => this.#hasText[row] === true)
  }

  /** The place of the row that starts at this line. */
  at(line: number): number {
    let [low, high] = [0, this.#lines.length - 1]
    while (low <= high) {
      const middle = (low + high) >> 1
      const here = this.#lines[middle] ?? 0
      if (here === line) return middle
      if (here < line) low = middle + 1
      else high = middle - 1
    }
    throw new InputError('label-row', 'This row is no longer in the table. Open the data again.')
  }

  /** Passages that the row's cell has; -1 where it is empty. */
  inCell(line: number): number {
    return this.#inCell[this.at(line)] ?? -1
  }

  /** Whether the marks of the row's cell must be known before `by` changes them. */
  wantsBase(by: string, line: number): boolean {
    return by === TABLE && this.inCell(line) >= 0 && this.layers.at(TABLE, line) === undefined
  }

  /** Passages of a cell under the names that their kinds have by now. */
  nowOf(passages: readonly Passage[]): readonly Passage[] {
    return tidied(passages.map((each) => ({ ...each, kind: this.kinds.nowOf(each.kind) })))
  }

  /** Begins the table's own marks of a row with what its cell says. */
  begin(line: number, base: readonly Passage[]): void {
    this.layers.put(TABLE, line, { passages: this.nowOf(base), finished: true, skipped: false })
  }

  /** What a person marked; null where the row's cell says it. */
  layerAt(by: string, line: number): Layer | null {
    return this.layers.at(by, line) ?? (by === TABLE && this.inCell(line) >= 0 ? null : EMPTY)
  }

  settledAt(line: number): readonly Passage[] | null {
    return this.#settled.get(line) ?? null
  }

  /** What a version says of a row: what was settled, else the table's own marks, else those of the first who finished it. `cell`: as it is. */
  resultAt(line: number): readonly Passage[] | 'cell' | null {
    const settled = this.#settled.get(line)
    if (settled) return settled
    const table = this.layerAt(TABLE, line)
    if (table === null) return 'cell'
    if (table.finished) return table.passages
    const own = this.people.map((by) => this.layers.at(by, line)).find((each) => each?.finished === true)
    return own?.passages ?? null
  }

  /** Does what an entry of the journal says. Throws an InputError for a line at which no row starts. */
  apply(entry: MarkEntry): void {
    if ('line' in entry) {
      this.at(entry.line)
      this.#touched.add(entry.line)
    }
    switch (entry.do) {
      case 'way':
        this.way = entry.way
        return
      case 'overlap':
        this.#overlap = entry.overlap
        return
      case 'kind':
        return this.kinds.name(entry.name, entry.key)
      case 'rename':
        return this.#rename(entry.from, entry.to)
      case 'former':
        return this.kinds.setFormer(entry.from, entry.to)
      case 'note':
        if (entry.kind === null) this.note = entry.text
        else this.kinds.setNote(entry.kind, entry.text)
        return
      case 'settle':
        this.#settled.set(entry.line, tidied(entry.passages))
        return this.kinds.meet(entry.passages.map(({ kind }) => kind))
      case 'used':
        return this.#touched.clear()
      default:
        return this.#onLayer(entry)
    }
  }

  /** Rows of a filter, in the table's order. Unsure and diverse ones are those that are open. */
  linesOf(filter: MarkFilter, by: string): readonly number[] {
    return this.lines().filter((line) => {
      if (filter === 'all') return true
      if (filter === 'finished') return this.isFinished(by, line)
      const isSkipped = this.layers.at(by, line)?.skipped === true
      return filter === 'skipped' ? isSkipped : !isSkipped && !this.isFinished(by, line)
    })
  }

  isFinished(by: string, line: number): boolean {
    return this.layers.at(by, line)?.finished ?? (by === TABLE && this.inCell(line) >= 0)
  }

  /** How far a person is with a row. */
  stateAt(by: string, line: number): Pick<MarkRow, 'state' | 'passages'> {
    const own = this.layerAt(by, line)
    if (own === null) return { state: 'finished', passages: this.inCell(line) }
    const state = own.finished ? 'finished' : own.skipped ? 'skipped' : own.passages.length > 0 ? 'started' : 'open'
    return { state, passages: own.passages.length }
  }

  #onLayer(entry: Extract<MarkEntry, { readonly by: string }>): void {
    // Whoever changes the data's own marks afterwards has the last word.
    if (entry.do === 'change' && entry.by === TABLE) this.#settled.delete(entry.line)
    const after = layerAfter(this.layerAt(entry.by, entry.line) ?? EMPTY, entry)
    this.kinds.meet(after.passages.map(({ kind }) => kind))
    this.layers.set(entry.by, entry.line, after)
  }

  #rename(from: string, to: string): void {
    if (!this.kinds.rename(from, to)) return
    for (const line of this.layers.rename(from, to)) this.#touched.add(line)
    for (const [line, passages] of this.#settled) this.#settled.set(line, renamed(passages, from, to))
  }
}

function layerAfter(before: Layer, entry: Extract<MarkEntry, { readonly by: string }>): Layer {
  switch (entry.do) {
    case 'change':
      return { ...before, passages: changed(before.passages, entry), skipped: false }
    case 'finish':
      return { ...before, finished: entry.finished, skipped: entry.finished ? false : before.skipped }
    case 'skip':
      return { ...before, skipped: entry.skipped }
    case 'layer':
      return { passages: tidied(entry.passages), finished: entry.finished, skipped: entry.skipped }
  }
}
