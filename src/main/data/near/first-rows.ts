/** Slots are never fuller than this, so that a search ends soon. */
const FULLEST = 0.6

/**
 * The first row of each number, in flat arrays: a tenth of what a Map of as many numbers takes. Numbers are whole, from 0 to 2⁵³ − 1, and well mixed, as
 * those of hashes are.
 */
export class FirstRows {
  #keys: Float64Array
  #rows: Int32Array
  #size = 0

  constructor(expected: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, expected / FULLEST)))
    this.#keys = new Float64Array(slots).fill(-1)
    this.#rows = new Int32Array(slots)
  }

  /** The first row that was given for this number: `row` itself where there was none. */
  firstOf(key: number, row: number): number {
    if (this.#size >= FULLEST * this.#keys.length) this.#grow()
    const at = this.#slotOf(key)
    if (this.#keys[at] === key) return this.#rows[at] ?? row
    this.#keys[at] = key
    this.#rows[at] = row
    this.#size++
    return row
  }

  #slotOf(key: number): number {
    const last = this.#keys.length - 1
    let at = (key % 2 ** 31) & last
    while (this.#keys[at] !== -1 && this.#keys[at] !== key) at = (at + 1) & last
    return at
  }

  #grow(): void {
    const [keys, rows] = [this.#keys, this.#rows]
    this.#keys = new Float64Array(2 * keys.length).fill(-1)
    this.#rows = new Int32Array(2 * keys.length)
    for (const [i, key] of keys.entries()) {
      if (key === -1) continue
      const at = this.#slotOf(key)
      this.#keys[at] = key
      this.#rows[at] = rows[i] ?? 0
    }
  }
}
