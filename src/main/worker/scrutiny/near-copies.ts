import { counted } from '../../base/wording.ts'
import { readRows as rowsAt } from '../../data/datasets/rows-file.ts'
import { normalised } from '../../data/duplicates.ts'
import { NearSets } from '../../data/near/near-sets.ts'
import { numberOfText } from './read-rows.ts'
import { MOST_LINES, type CloseFinding, type ReadRow, type ScrutinyInput } from './scrutiny-types.ts'

/** Rows whose texts nearly repeat each other. Equal texts are a finding of their own: one of them stands for all. */
export class NearCopies {
  readonly #sets: NearSets
  readonly #lines: Float64Array
  /** Tells answers apart. */
  readonly #answers: Float64Array
  readonly #seen = new Set<number>()

  /** `folder`: empty, for what does not fit into memory. */
  constructor({ rowsPath, columns, roles, rows }: ScrutinyInput, folder: string) {
    const [text, pair] = [roles.text, roles.textPair].map((name) => (name === null ? -1 : columns.indexOf(name)))
    this.#sets = new NearSets(folder, rows, async (row) => {
      const [stored] = await rowsAt(rowsPath, row, 1)
      return joined(stored?.cells[text ?? -1] ?? '', stored?.cells[pair ?? -1] ?? '')
    })
    this.#lines = new Float64Array(rows)
    this.#answers = new Float64Array(rows)
  }

  async add({ index, line, text, pair, said }: ReadRow): Promise<void> {
    const read = joined(text, pair)
    const key = numberOfText(normalised(read))
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    this.#lines[index] = line
    this.#answers[index] = numberOfText(said)
    await this.#sets.add(index, read)
  }

  async findings(): Promise<CloseFinding[]> {
    const sets = await this.#sets.sets()
    if (sets.length === 0) return []
    const lineOf = (row: number): number => this.#lines[row] ?? 0
    const ordered = sets.flatMap((set, i) => set.map((row) => ({ line: lineOf(row), set: i + 1 }))).slice(0, MOST_LINES)
    const extra = sets.reduce((sum, set) => sum + set.length - 1, 0)
    const agree = sets.filter((set) => set.every((row) => this.#answers[row] === this.#answers[set[0] ?? 0]))
    const gone = agree.flatMap((set) => set.slice(1)).map(lineOf)
    const differ = sets.length - agree.length
    const disagree = differ === 0 ? '' : ` In ${counted(differ, 'set')} of them the answers differ.`
    const sentence = `${counted(extra, 'row nearly repeats', 'rows nearly repeat')} another one, a word or two apart. Where one is learned from and the other tested, the result flatters.${disagree}`
    const lines = gone.toSorted((a, b) => a - b)
    return [
      {
        code: 'near-duplicates',
        sentence,
        rows: ordered.length,
        weight: 'look',
        lines: ordered.map(({ line }) => line),
        remarks: ordered.map(({ set }) => `Set ${set}`),
        fixes: lines.length === 0 || lines.length > MOST_LINES ? {} : { drop: [{ kind: 'drop', lines }] }
      }
    ]
  }
}

const joined = (text: string, pair: string): string => (pair === '' ? text : `${text}\n${pair}`)
