import { IntList } from '../../base/int-list.ts'
import { NumberLists, type Lists } from '../text/number-lists.ts'
import { tokenUnits, wordUnits, type TextUnit } from '../text/text-units.ts'
import { tokensAt, type TokenTable } from '../text/token-table.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import type { Mark } from '../../base/mark.ts'
import { encodeTags, type TagSet } from '../tasks/tags.ts'
import type { Sequence } from './batches.ts'
import type { Examples } from './examples.ts'
import type { RunSettings } from './run-settings.ts'
import { SequenceStore } from './sequences.ts'

/** Which tokens carry a tag: the first of each word, or all. */
export type Labelled = 'first' | 'all'

/** The units of rows that carry one tag each, and where in the sequences they are asked for. */
export interface TaggedUnits {
  /** Places within each sequence that are asked, and the unit of each. A unit is asked once, in the window where it stands deepest. */
  readonly places: Lists
  readonly units: Lists
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
  const made = new Collector(tokenizer.highestId, maxLength)
  for (const row of rows) {
    const ids = tokensAt(table, row, 0)
    const numbers = ids.map((_, i) => i)
    const built = tokenizer.build(ids, null, { maxLength, truncation, stride, headShare, words: { a: numbers } })
    const asked = deepest(built.sequences.map(({ words }) => words ?? new Int32Array(0)))
    const units = unitsOfRow(input, row).filter(({ token }) => asked.has(token))
    const own = marks ? encodeTags(units, marks[row] ?? [], tags) : new Int32Array(units.length)
    const windows = built.sequences.map(({ ids: tokens, typeIds }): Window => ({ ids: tokens, typeIds, places: [], units: [] }))
    for (const [i, unit] of units.entries()) {
      const at = asked.get(unit.token)
      const window = windows[at?.sequence ?? -1]
      if (!at || !window) continue
      window.places.push(at.place)
      window.units.push(made.addUnit(unit, own[i] ?? 0))
    }
    made.endRow(row, windows, built.truncatedTokens)
  }
  return made.finish(rows, tags.size)
}

/** One sequence of a row, with its places that are asked and their units. */
interface Window extends Sequence {
  readonly places: number[]
  readonly units: number[]
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

/** Numbers of units take 4 bytes. */
const mostUnits = 2 ** 31 - 1

class Collector {
  readonly #sequences: SequenceStore
  readonly #rowOf = new IntList()
  readonly #windows = new IntList()
  readonly #places: NumberLists
  readonly #units = new NumberLists(mostUnits)
  readonly #starts = new IntList()
  readonly #from = new IntList()
  readonly #to = new IntList()
  readonly #tags = new IntList()
  #truncatedRows = 0
  #truncatedTokens = 0

  constructor(highestId: number, maxLength: number) {
    this.#sequences = new SequenceStore(highestId)
    this.#places = new NumberLists(maxLength)
    this.#starts.push(0)
  }

  /** Returns the unit's number. */
  addUnit({ start, end }: TextUnit, tag: number): number {
    this.#from.push(start)
    this.#to.push(end)
    this.#tags.push(tag)
    return this.#tags.length - 1
  }

  endRow(row: number, windows: readonly Window[], truncated: number): void {
    for (const window of windows) {
      if (window.places.length === 0) continue
      this.#sequences.add(window)
      this.#rowOf.push(row)
      this.#windows.push(windows.length)
      this.#places.add(Int32Array.from(window.places))
      this.#units.add(Int32Array.from(window.units))
    }
    this.#starts.push(this.#tags.length)
    if (truncated > 0) this.#truncatedRows++
    this.#truncatedTokens += truncated
  }

  finish(rows: Int32Array, classes: number): TokenExamples {
    return {
      sequences: this.#sequences,
      rowOf: this.#rowOf.all(),
      share: Float64Array.from(this.#windows.all(), (count) => 1 / count),
      lengths: this.#sequences.lengths(),
      rows,
      truncatedRows: this.#truncatedRows,
      truncatedTokens: this.#truncatedTokens,
      tagged: {
        places: this.#places,
        units: this.#units,
        starts: this.#starts.all(),
        from: this.#from.all(),
        to: this.#to.all(),
        tags: this.#tags.all(),
        classes
      }
    }
  }
}
