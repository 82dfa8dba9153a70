import { BandFiles, type Bucket } from './band-files.ts'
import { bandsOf, NEAR, shinglesOf, similarity } from './shingles.ts'

/** Rows of a bucket that a row is compared with at most: where thousands share a letterhead, some of them stand for all. */
const MOST_COMPARED = 64
/** Texts whose shingles are kept at hand, and pairs that were compared and are not near. */
const KEPT_TEXTS = 2000
const KEPT_PAIRS = 500_000

/**
 * Rows that nearly repeat each other, by MinHash with its bands on disk: memory stays the same however many rows there are, but for eight bytes a
 * row. Equal texts are one for it; `add` only one of them.
 */
export class NearSets {
  readonly #bands: BandFiles
  readonly #textOf: (row: number) => Promise<string>
  readonly #shingles = new Map<number, ReadonlySet<number>>()
  readonly #different = new Set<number>()
  readonly #parents: Int32Array

  /** `folder`: empty, for the bands. `textOf` reads the text of a row again. */
  constructor(folder: string, rows: number, textOf: (row: number) => Promise<string>) {
    this.#bands = new BandFiles(folder)
    this.#textOf = textOf
    this.#parents = Int32Array.from({ length: rows }, (_, row) => row)
  }

  async add(row: number, text: string): Promise<void> {
    await this.#bands.add(row, bandsOf(shinglesOf(text)))
  }

  /** Sets of rows, each ascending, in order of their first: every row of a set is near another of it. */
  async sets(onBucket: () => void = () => undefined): Promise<readonly (readonly number[])[]> {
    await this.#bands.close()
    for await (const bucket of this.#bands.buckets()) {
      await this.#compare(bucket)
      onBucket()
    }
    const sets = new Map<number, number[]>()
    for (let row = 0; row < this.#parents.length; row++) {
      const root = this.#find(row)
      const set = sets.get(root)
      if (set) set.push(row)
      else sets.set(root, [row])
    }
    return [...sets.values()].filter((set) => set.length > 1)
  }

  async #compare(bucket: Bucket): Promise<void> {
    for (let i = 1; i < bucket.length; i++) {
      const row = bucket[i] ?? 0
      for (let j = Math.max(0, i - MOST_COMPARED); j < i; j++) {
        const other = bucket[j] ?? 0
        if (this.#find(row) === this.#find(other)) continue
        if (await this.#isNear(row, other)) this.#parents[this.#find(row)] = this.#find(other)
      }
    }
  }

  async #isNear(a: number, b: number): Promise<boolean> {
    // Both are row numbers below 2²⁶, as far as a table goes here.
    const pair = Math.min(a, b) * 2 ** 26 + Math.max(a, b)
    if (this.#different.has(pair)) return false
    if (similarity(await this.#shinglesOf(a), await this.#shinglesOf(b)) >= NEAR) return true
    if (this.#different.size < KEPT_PAIRS) this.#different.add(pair)
    return false
  }

  async #shinglesOf(row: number): Promise<ReadonlySet<number>> {
    const known = this.#shingles.get(row)
    if (known) return known
    const made = shinglesOf(await this.#textOf(row))
    const [oldest] = this.#shingles.keys()
    if (this.#shingles.size >= KEPT_TEXTS && oldest !== undefined) this.#shingles.delete(oldest)
    this.#shingles.set(row, made)
    return made
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
