import { BINS, mixed } from './shingles.ts'

const WORDS = BINS / 8
/** Of 64 bins, those that must agree. At a similarity of 0.8 it is 52 on average, with a deviation of 3; of unlike texts of one kind some 20. */
const AGREEING = 34
/** With fewer shingles many bins are copies of each other, and their number says little. */
const FEWEST_SHINGLES = 2 * BINS

/**
 * Four bits of each bin of each row (b-bit minwise hashing, Li & König 2010), 33 bytes a row: tells of most pairs that a band brought together by chance
 * that they are not near, without reading their texts again.
 */
export class Signatures {
  readonly #bits: Uint32Array
  /** Rows whose signature is long enough to say anything. */
  readonly #isKnown: Uint8Array

  constructor(rows: number) {
    this.#bits = new Uint32Array(rows * WORDS)
    this.#isKnown = new Uint8Array(rows)
  }

  add(row: number, bins: Float64Array, shingles: number): void {
    if (shingles < FEWEST_SHINGLES) return
    this.#isKnown[row] = 1
    for (let bin = 0; bin < BINS; bin++) {
      const at = row * WORDS + (bin >>> 3)
      this.#bits[at] = (this.#bits[at] ?? 0) | ((mixed(bins[bin] ?? 0) & 15) << (4 * (bin & 7)))
    }
  }

  mayBeNear(a: number, b: number): boolean {
    if (this.#isKnown[a] === 0 || this.#isKnown[b] === 0) return true
    let agreeing = 0
    for (let i = 0; i < WORDS; i++) {
      const differing = (this.#bits[a * WORDS + i] ?? 0) ^ (this.#bits[b * WORDS + i] ?? 0)
      agreeing += 8 - nibblesIn(differing)
    }
    return agreeing >= AGREEING
  }
}

/** How many of the eight groups of four bits are not zero. */
function nibblesIn(word: number): number {
  const pairs = word | (word >>> 1)
  let ones = (pairs | (pairs >>> 2)) & 0x11111111
  ones += ones >>> 16
  ones += ones >>> 8
  return (ones + (ones >>> 4)) & 15
}
