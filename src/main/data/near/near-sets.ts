import { BandFiles, type Bucket } from './band-files.ts'
import { RowSets } from './row-sets.ts'
import { bandsOf, binsOf, NEAR, shinglesOf, similarity, type Shingles } from './shingles.ts'
import { Signatures } from './signatures.ts'

/** Rows of a bucket that a row is compared with at most: where thousands share a letterhead, some of them stand for all. */
const MOST_COMPARED = 64
/** Shingles that are kept at hand, whatever the number of texts: 16 MB. */
const KEPT_SHINGLES = 4_000_000
/** Slots for pairs that were compared and are not near; a later pair takes the place of an earlier one. */
const KEPT_PAIRS = 2 ** 18

/**
 * Rows that nearly repeat each other, by MinHash with its bands on disk: memory stays the same however many rows there are, but for forty bytes a
 * row. Equal texts are one for it; `add` only one of them.
 */
export class NearSets {
  readonly #bands: BandFiles
  readonly #textOf: (row: number) => Promise<string>
  readonly #shingles = new Map<number, Shingles>()
  #keptShingles = 0
  readonly #different = new Float64Array(KEPT_PAIRS).fill(-1)
  readonly #sets: RowSets
  #signatures: Signatures

  /** `folder`: empty, for the bands. `textOf` reads the text of a row again. */
  constructor(folder: string, rows: number, textOf: (row: number) => Promise<string>) {
    this.#bands = new BandFiles(folder)
    this.#textOf = textOf
    this.#sets = new RowSets(rows)
    this.#signatures = new Signatures(rows)
  }

  async add(row: number, text: string): Promise<void> {
    const shingles = shinglesOf(text)
    const bins = binsOf(shingles)
    this.#signatures.add(row, bins, shingles.length)
    await this.#bands.add(row, bandsOf(bins))
  }

  /** Sets of rows, each ascending, in order of their first: every row of a set is near another of it. */
  async sets(onBucket: () => void = () => undefined): Promise<readonly (readonly number[])[]> {
    await this.#bands.close()
    for await (const bucket of this.#bands.buckets()) {
      await this.#compare(bucket)
      onBucket()
    }
    this.#shingles.clear()
    // Whoever asked needs the memory for something else now.
    this.#signatures = new Signatures(0)
    return this.#sets.sets()
  }

  async #compare(bucket: Bucket): Promise<void> {
    for (let i = 1; i < bucket.length; i++) {
      const row = bucket[i] ?? 0
      for (let j = Math.max(0, i - MOST_COMPARED); j < i; j++) {
        const other = bucket[j] ?? 0
        if (!this.#sets.areJoined(row, other) && (await this.#isNear(row, other))) this.#sets.join(row, other)
      }
    }
  }

  async #isNear(a: number, b: number): Promise<boolean> {
    if (!this.#signatures.mayBeNear(a, b)) return false
    // Both are row numbers below 2²⁶, as far as a table goes here.
    const pair = Math.min(a, b) * 2 ** 26 + Math.max(a, b)
    const slot = (Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)) & (KEPT_PAIRS - 1)
    if (this.#different[slot] === pair) return false
    if (similarity(await this.#shinglesOf(a), await this.#shinglesOf(b)) >= NEAR) return true
    this.#different[slot] = pair
    return false
  }

  async #shinglesOf(row: number): Promise<Shingles> {
    const known = this.#shingles.get(row)
    if (known) return known
    const made = shinglesOf(await this.#textOf(row))
    this.#keptShingles += made.length
    for (const [oldest, { length }] of this.#shingles) {
      if (this.#keptShingles <= KEPT_SHINGLES) break
      this.#shingles.delete(oldest)
      this.#keptShingles -= length
    }
    this.#shingles.set(row, made)
    return made
  }
}
