import { counted } from '../../base/wording.ts'
import { openRows, type RowsReader } from '../../data/datasets/rows-file.ts'
import { normalised } from '../../data/duplicates.ts'
import { FirstRows } from '../../data/near/first-rows.ts'
import { NearSets } from '../../data/near/near-sets.ts'
import { RowSets } from '../../data/near/row-sets.ts'
import { numberOfText } from './read-rows.ts'
import { MOST_LINES, type CloseFinding, type ReadRow, type ScrutinyInput } from './scrutiny-types.ts'

type Sets = readonly (readonly number[])[]

/** Rows whose texts repeat each other, nearly or altogether. Of equal texts one stands for all where near ones are looked for. */
export class NearCopies {
  readonly #near: NearSets
  readonly #reader: Promise<RowsReader>
  /** Lines of the person's file and numbers that tell answers apart, by row. */
  readonly #lines: Uint32Array
  readonly #answers: Float64Array
  #first: FirstRows
  /** Null where equal texts were told of before. */
  readonly #equal: RowSets | null

  /** `folder`: empty, for what does not fit into memory. */
  constructor({ rowsPath, columns, roles, rows, withEqual }: ScrutinyInput, folder: string) {
    const [text, pair] = [roles.text, roles.textPair].map((name) => (name === null ? -1 : columns.indexOf(name)))
    this.#reader = openRows(rowsPath)
    // Whoever reads first hears of it.
    this.#reader.catch(() => undefined)
    this.#near = new NearSets(folder, rows, async (row) => {
      const [stored] = await (await this.#reader).read(row, 1)
      return joined(stored?.cells[text ?? -1] ?? '', stored?.cells[pair ?? -1] ?? '')
    })
    this.#lines = new Uint32Array(rows)
    this.#answers = new Float64Array(rows)
    this.#first = new FirstRows(rows)
    this.#equal = withEqual === true ? new RowSets(rows) : null
  }

  async add({ index, line, text, pair, said }: ReadRow): Promise<void> {
    const read = joined(text, pair)
    this.#lines[index] = line
    this.#answers[index] = numberOfText(said)
    const first = this.#first.firstOf(numberOfText(normalised(read)), index)
    if (first === index) await this.#near.add(index, read)
    else this.#equal?.join(index, first)
  }

  async findings(): Promise<CloseFinding[]> {
    // Nothing is added any more: what tells first rows is let go.
    this.#first = new FirstRows(0)
    const near = await this.#near.sets()
    return [...this.#equalFindings(this.#equal?.sets() ?? []), ...this.#nearFinding(near)]
  }

  async dispose(): Promise<void> {
    await (await this.#reader).close()
  }

  #nearFinding(sets: Sets): CloseFinding[] {
    if (sets.length === 0) return []
    const extra = sets.reduce((sum, set) => sum + set.length - 1, 0)
    const agree = sets.filter((set) => this.#agrees(set))
    const differ = sets.length - agree.length
    const disagree = differ === 0 ? '' : ` In ${counted(differ, 'set')} of them the answers differ.`
    const sentence = `${counted(extra, 'row nearly repeats', 'rows nearly repeat')} another one, a word or two apart. Where one is learned from and the other tested, the result flatters.${disagree}`
    return [{ code: 'near-duplicates', sentence, weight: 'look', ...this.#rowsOf(sets), fixes: this.#dropping(agree) }]
  }

  /** As the report on a data set has them. */
  #equalFindings(sets: Sets): CloseFinding[] {
    const [agree, differ] = [true, false].map((wanted) => sets.filter((set) => this.#agrees(set) === wanted))
    const extra = sets.reduce((sum, set) => sum + set.length - 1, 0)
    const repeat = `${counted(extra, 'row repeats', 'rows repeat')} the text of another row.`
    const stand = `${counted(differ?.length ?? 0, 'text stands', 'texts stand')} in several rows with different answers. Look which is right.`
    const finding = (
      code: string,
      sentence: string,
      of: Sets,
      fixes: CloseFinding['fixes'],
      weight: 'look' | 'fyi'
    ): CloseFinding[] => (of.length === 0 ? [] : [{ code, sentence, weight, ...this.#rowsOf(of), fixes }])
    return [
      ...finding('duplicates', repeat, sets, this.#dropping(agree ?? []), 'fyi'),
      ...finding('conflicting-duplicates', stand, differ ?? [], {}, 'look')
    ]
  }

  #agrees(set: readonly number[]): boolean {
    return set.every((row) => this.#answers[row] === this.#answers[set[0] ?? 0])
  }

  #rowsOf(sets: Sets): Pick<CloseFinding, 'rows' | 'lines' | 'remarks'> {
    const ordered = sets.flatMap((set, i) => set.map((row) => ({ line: this.#lines[row] ?? 0, set: i + 1 })))
    const shown = ordered.slice(0, MOST_LINES)
    return { rows: shown.length, lines: shown.map(({ line }) => line), remarks: shown.map(({ set }) => `Set ${set}`) }
  }

  /** All but the first of each set go. */
  #dropping(sets: Sets): CloseFinding['fixes'] {
    const gone = sets.flatMap((set) => set.slice(1)).map((row) => this.#lines[row] ?? 0)
    if (gone.length === 0 || gone.length > MOST_LINES) return {}
    return { drop: [{ kind: 'drop', lines: gone.toSorted((a, b) => a - b) }] }
  }
}

const joined = (text: string, pair: string): string => (pair === '' ? text : `${text}\n${pair}`)
