import { hash } from 'node:crypto'
import { normalised } from './duplicates.ts'

/** Characters of a text that are compared, and in one shingle. */
const LOOKED_AT = 4000
const SHINGLE = 5
/** Share of common shingles (Jaccard) from which two texts are near duplicates: a word or two changed in a paragraph. */
const NEAR = 0.8
/**
 * Bins of one-permutation hashing (Li, Owen & Zhang 2012), and bins in a band: with more shingles than bins, (1 − 0.8³)²¹ of the pairs at a similarity
 * of 0.8 are missed, which is none in a million; of shorter texts a few more.
 */
const BINS = 64
const BAND = 3

/**
 * Which of `texts` nearly repeats one of `others`: at least 80 % of the runs of five characters in common, whatever case, accents' form and white
 * space. Candidates come from hashing (MinHash), each is then compared exactly, so that none is named wrongly.
 */
export function nearDuplicates(texts: readonly string[], others: readonly string[]): readonly boolean[] {
  const index = new Map<string, number[]>()
  others.forEach((text, i) => {
    for (const key of bandsOf(shinglesOf(text))) {
      const found = index.get(key)
      if (found) found.push(i)
      else index.set(key, [i])
    }
  })
  return texts.map((text) => {
    const own = shinglesOf(text)
    const candidates = new Set(bandsOf(own).flatMap((key) => index.get(key) ?? []))
    return [...candidates].some((i) => similarity(own, shinglesOf(others[i] ?? '')) >= NEAR)
  })
}

function shinglesOf(text: string): ReadonlySet<number> {
  const plain = normalised(text.slice(0, LOOKED_AT))
  const found = new Set<number>()
  for (let at = 0; at === 0 || at + SHINGLE <= plain.length; at++)
    found.add(hashOf(plain, at, Math.min(at + SHINGLE, plain.length)))
  return found
}

/** FNV-1a over UTF-16 units, mixed so that its high and low bits may be used apart (MurmurHash3's finaliser). */
function hashOf(text: string, from: number, to: number): number {
  let value = 0x811c9dc5
  for (let i = from; i < to; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/** The smallest hash in each bin; an empty bin takes that of the next one that is not. */
function bandsOf(shingles: ReadonlySet<number>): readonly string[] {
  const bins = new Array<number>(BINS).fill(-1)
  for (const value of shingles) {
    const bin = value % BINS
    const known = bins[bin] ?? -1
    if (known < 0 || value < known) bins[bin] = value
  }
  const full = bins.map((value, bin) => {
    for (let step = 0; value < 0 && step < BINS; step++) value = bins[(bin + step) % BINS] ?? -1
    return value
  })
  return Array.from({ length: Math.floor(BINS / BAND) }, (_, band) =>
    hash('md5', `${band} ${full.slice(band * BAND, (band + 1) * BAND).join()}`, 'base64')
  )
}

function similarity(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  let common = 0
  for (const value of a) if (b.has(value)) common++
  return common / (a.size + b.size - common)
}
