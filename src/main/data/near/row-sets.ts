/** Rows that were joined into sets (union by path halving), in four bytes a row. */
export class RowSets {
  readonly #parents: Int32Array

  constructor(rows: number) {
    this.#parents = Int32Array.from({ length: rows }, (_, row) => row)
  }

  areJoined(a: number, b: number): boolean {
    return this.#find(a) === this.#find(b)
  }

  join(a: number, b: number): void {
    this.#parents[this.#find(a)] = this.#find(b)
  }

  /** Sets of two rows or more, each ascending, in order of their first. */
  sets(): readonly (readonly number[])[] {
    const sizes = new Int32Array(this.#parents.length)
    for (let row = 0; row < sizes.length; row++) sizes[this.#find(row)] = (sizes[this.#find(row)] ?? 0) + 1
    const sets = new Map<number, number[]>()
    for (let row = 0; row < sizes.length; row++) {
      const root = this.#find(row)
      if ((sizes[root] ?? 0) < 2) continue
      const set = sets.get(root)
      if (set) set.push(row)
      else sets.set(root, [row])
    }
    return [...sets.values()]
  }

  #find(row: number): number {
    let at = row
    while ((this.#parents[at] ?? at) !== at) {
      const parent = this.#parents[at] ?? at
      this.#parents[at] = this.#parents[parent] ?? parent
      at = parent
    }
    return at
  }
}
