import { tokenUnits, wordUnits, type TextUnit } from '../text/text-units.ts'
import { tokensAt, type TokenTable } from '../text/token-table.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import type { Mark } from '../../base/mark.ts'
import { encodeTags, type TagSet } from '../tasks/tags.ts'
import type { Sequence } from './batches.ts'
import type { Examples } from './examples.ts'
import type { RunSettings } from './run-settings.ts'

/** Which tokens carry a tag: the first of each word, or all. */
export type Labelled = 'first' | 'all'

/** The units of rows that carry one tag each, and where in the sequences they are asked for. */
export interface TaggedUnits {
  /** Places within each sequence that are asked, and the unit of each. A unit is asked once, in the window where it stands deepest. */
  readonly places: readonly Int32Array[]
  readonly units: readonly Int32Array[]
  /** Row i of `Examples.rows` has the units [starts[i], starts[i + 1]): [rows + 1]. */
  readonly starts: Int32Array
  /** Stretch of each unit in its text, in UTF-16 units. */
  readonly from: Int32Array
  readonly to: Int32Array
  /** The true tag of each unit; all `O` where nobody marked. */
  readonly tags: Int32Array
  /** Number of tags there are. */
  readonly classes: number
}

export type TokenExamples = Examples & { readonly tagged: TaggedUnits }

export interface TokenExampleInput {
  readonly tokenizer: Tokenizer
  /** Columns: token ids, and each token's start and end in code points (`offsetTable`). */
  readonly table: TokenTable
  readonly texts: readonly string[]
  /** Rows of the table, and so of the texts. */
  readonly rows: Int32Array
  /** Marks of each row; null where there are none to learn from. */
  readonly marks: readonly (readonly Mark[])[] | null
  readonly tags: TagSet
  readonly labelled: Labelled
  readonly settings: Pick<RunSettings, 'maxLength' | 'truncation' | 'windowStride' | 'headShare'>
}

/** Token ids and offsets as a row of a token table with `offsetColumns` columns. */
export const offsetRow = (ids: Int32Array, offsets: Int32Array): [Int32Array, Int32Array, Int32Array] => [
  ids,
  ids.map((_, i) => offsets[2 * i] ?? 0),
  ids.map((_, i) => offsets[2 * i + 1] ?? 0)
]
export const offsetColumns = 3

function unitsOfRow({ table, texts, labelled }: TokenExampleInput, row: number): TextUnit[] {
  const [starts, ends] = [tokensAt(table, row, 1), tokensAt(table, row, 2)]
  const offsets = new Int32Array(2 * starts.length)
  starts.forEach((start, token) => offsets.set([start, ends[token] ?? start], 2 * token))
  const text = texts[row] ?? ''
  return labelled === 'all' ? tokenUnits(text, offsets) : wordUnits(text, offsets)
}

interface Asked {
  readonly sequence: number
  readonly place: number
  readonly depth: number
}

/**
 * Cuts the tokens of `rows` to sequences, and says which of their tokens carry which tag. Units of tokens that were cut off are left out, and so are
 * windows that are asked for nothing.
 */
export function buildTokenExamples(input: TokenExampleInput): TokenExamples {
  const { tokenizer, table, rows, marks, tags, settings } = input
  const { maxLength, truncation, windowStride: stride, headShare } = settings
  const made = new Collector()
  for (const row of rows) {
    const ids = tokensAt(table, row, 0)
    const numbers = ids.map((_, i) => i)
    const built = tokenizer.build(ids, null, { maxLength, truncation, stride, headShare, words: { a: numbers } })
    const first = made.addSequences(row, built.sequences, built.truncatedTokens)
    const asked = deepest(built.sequences.map(({ words }) => words ?? new Int32Array(0)))
    const units = unitsOfRow(input, row).filter(({ token }) => asked.has(token))
    const own = marks ? encodeTags(units, marks[row] ?? [], tags) : new Int32Array(units.length)
    for (const [i, unit] of units.entries()) {
      const at = asked.get(unit.token)
      if (at) made.addUnit(first + at.sequence, at.place, unit, own[i] ?? 0)
    }
    made.endRow()
  }
  return made.finish(rows, tags.size)
}

/** For each token, by its number in the text, the window and the place where it is furthest from the window's nearer end. */
function deepest(windows: readonly Int32Array[]): Map<number, Asked> {
  const found = new Map<number, Asked>()
  for (const [sequence, tokens] of windows.entries()) {
    const [first, last] = [tokens.findIndex((token) => token >= 0), tokens.findLastIndex((token) => token >= 0)]
    for (const [place, token] of tokens.entries()) {
      if (token < 0) continue
      // The first and last window end where the text does: nothing is cut off there.
      const before = sequence === 0 ? Infinity : place - first
      const after = sequence === windows.length - 1 ? Infinity : last - place
      const depth = Math.min(before, after)
      if (depth > (found.get(token)?.depth ?? -1)) found.set(token, { sequence, place, depth })
    }
  }
  return found
}

class Collector {
  readonly #sequences: Sequence[] = []
  readonly #rowOf: number[] = []
  readonly #share: number[] = []
  readonly #places: number[][] = []
  readonly #units: number[][] = []
  readonly #starts: number[] = [0]
  readonly #from: number[] = []
  readonly #to: number[] = []
  readonly #tags: number[] = []
  #truncatedRows = 0
  #truncatedTokens = 0

  /** Returns the number of the first of them. */
  addSequences(row: number, sequences: readonly Sequence[], truncated: number): number {
    const first = this.#sequences.length
    for (const { ids, typeIds } of sequences) {
      this.#sequences.push({ ids, typeIds })
      this.#rowOf.push(row)
      this.#share.push(1 / sequences.length)
      this.#places.push([])
      this.#units.push([])
    }
    if (truncated > 0) this.#truncatedRows++
    this.#truncatedTokens += truncated
    return first
  }

  addUnit(sequence: number, place: number, { start, end }: TextUnit, tag: number): void {
    this.#places[sequence]?.push(place)
    this.#units[sequence]?.push(this.#tags.length)
    this.#from.push(start)
    this.#to.push(end)
    this.#tags.push(tag)
  }

  endRow(): void {
    this.#starts.push(this.#tags.length)
  }

  finish(rows: Int32Array, classes: number): TokenExamples {
    const only = <T>(all: readonly T[]): T[] => all.filter((_, i) => (this.#places[i]?.length ?? 0) > 0)
    const ints = (values: readonly number[]): Int32Array => Int32Array.from(values)
    return {
      sequences: only(this.#sequences),
      rowOf: ints(only(this.#rowOf)),
      share: Float64Array.from(only(this.#share)),
      lengths: Int32Array.from(only(this.#sequences), ({ ids }) => ids.length),
      rows,
      truncatedRows: this.#truncatedRows,
      truncatedTokens: this.#truncatedTokens,
      tagged: {
        places: only(this.#places).map(ints),
        units: only(this.#units).map(ints),
        starts: ints(this.#starts),
        from: ints(this.#from),
        to: ints(this.#to),
        tags: ints(this.#tags),
        classes
      }
    }
  }
}
