import { assert } from '../../base/assert.ts'
import { moved } from '../../base/int-list.ts'

/** The token ids of many rows in one piece of memory: row `r`, column `c` is ids[offsets[r × columns + c] … offsets[r × columns + c + 1]). */
export interface TokenTable {
  readonly rows: number
  /** Texts in a row: 1, or 2 for pairs. */
  readonly columns: number
  readonly ids: Int32Array
  /** rows × columns + 1 positions in `ids`. */
  readonly offsets: Uint32Array
}

/** The token ids of one text: a view into the table. */
export function tokensAt(table: TokenTable, row: number, column = 0): Int32Array {
  assert(
    row >= 0 && row < table.rows && column >= 0 && column < table.columns,
    `row ${row}, column ${column} is outside the token table`
  )
  const at = row * table.columns + column
  return table.ids.subarray(table.offsets[at], table.offsets[at + 1])
}

/** Collects rows into a table; each call adds one row's texts. */
export class TokenTableBuilder {
  readonly #columns: number
  #ids = new Int32Array(1 << 12)
  #offsets = new Uint32Array(1 << 8)
  #used = 0
  #texts = 0

  constructor(columns: number) {
    assert(columns >= 1, 'a token table has at least one column')
    this.#columns = columns
  }

  addRow(...texts: readonly Int32Array[]): void {
    assert(texts.length === this.#columns, `a row of ${texts.length} texts in a token table of ${this.#columns} columns`)
    for (const ids of texts) {
      const end = this.#used + ids.length
      if (end > this.#ids.length) this.#ids = moved(this.#ids, new Int32Array(Math.max(end, this.#ids.length * 2)))
      if (this.#texts + 2 > this.#offsets.length) this.#offsets = moved(this.#offsets, new Uint32Array(this.#offsets.length * 2))
      this.#ids.set(ids, this.#used)
      this.#used = end
      this.#offsets[++this.#texts] = end
    }
  }

  /** The table of all rows added so far, with which the builder is done. */
  finish(): TokenTable {
    return {
      rows: this.#texts / this.#columns,
      columns: this.#columns,
      ids: this.#ids.subarray(0, this.#used),
      offsets: this.#offsets.subarray(0, this.#texts + 1)
    }
  }
}
