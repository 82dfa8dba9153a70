import { normalised } from '../duplicates.ts'

/** Characters of a text that are compared, and in one shingle. */
const LOOKED_AT = 4000
const SHINGLE = 5
/** Share of common shingles (Jaccard) from which two texts are near duplicates: a word or two changed in a paragraph. */
export const NEAR = 0.8
/**
 * Bins of one-permutation hashing (Li, Owen & Zhang 2012), and bins in a band: with more shingles than bins, (1 − 0.8³)²¹ of the pairs at a similarity
 * of 0.8 are missed, which is none in a million; of shorter texts a few more.
 */
export const BINS = 64
const BAND = 3
export const BANDS = Math.floor(BINS / BAND)

/** Different hashes, ascending. */
export type Shingles = Uint32Array

/** Hashes of the runs of five characters of a text, whatever its case, the form of its accents and its white space. */
export function shinglesOf(text: string): Shingles {
  const plain = normalised(text.slice(0, LOOKED_AT))
  const count = Math.max(1, plain.length - SHINGLE + 1)
  const all = new Uint32Array(count)
  for (let at = 0; at < count; at++) all[at] = hashOf(plain, at, Math.min(at + SHINGLE, plain.length))
  all.sort()
  let kept = 0
  for (let i = 0; i < count; i++) if (i === 0 || all[i] !== all[i - 1]) all[kept++] = all[i] ?? 0
  return all.slice(0, kept)
}

/** FNV-1a over UTF-16 units. */
function hashOf(text: string, from: number, to: number): number {
  let value = 0x811c9dc5
  for (let i = from; i < to; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return mixed(value)
}

/** Mixes a hash so that its high and low bits may be used apart (MurmurHash3's finaliser). */
export function mixed(hash: number): number {
  let value = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/** The smallest hash that falls into each bin, [BINS]; an empty one takes that of the next that is not. */
export function binsOf(shingles: Shingles): Float64Array {
  const bins = new Float64Array(BINS).fill(-1)
  for (const value of shingles) {
    const bin = value % BINS
    const known = bins[bin] ?? -1
    if (known < 0 || value < known) bins[bin] = value
  }
  return bins.map((value, bin) => {
    let filled = value
    for (let step = 0; filled < 0 && step < BINS; step++) filled = bins[(bin + step) % BINS] ?? -1
    return filled
  })
}

/**
 * A key for each band, [BANDS]: two texts that share one are candidates. Keys are whole numbers of 53 bits: where two meet by chance, the texts are
 * compared and found different.
 */
export function bandsOf(bins: Float64Array): Float64Array {
  return Float64Array.from({ length: BANDS }, (_, band) => {
    let [low, high] = [mixed(band + 1), mixed(~band)]
    for (let i = 0; i < BAND; i++) {
      const value = bins[band * BAND + i] ?? 0
      low = mixed(Math.imul(low, 31) ^ value)
      high = mixed(Math.imul(high, 37) ^ value)
    }
    return (high >>> 11) * 2 ** 32 + low
  })
}

/** Share of common shingles: Jaccard's index. */
export function similarity(a: Shingles, b: Shingles): number {
  let common = 0
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [left, right] = [a[i] ?? 0, b[j] ?? 0]
    if (left === right) common++
    if (left <= right) i++
    if (right <= left) j++
  }
  return common / (a.length + b.length - common)
}
