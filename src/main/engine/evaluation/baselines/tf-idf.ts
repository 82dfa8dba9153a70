import { assert } from '../../../base/assert.ts'
import type { SparseMatrix } from './design.ts'

/**
 * A word is two or more letters, marks, digits or underscores; Chinese and Japanese characters and pictographs are words by themselves,
 * since no spaces part them. scikit-learn's default pattern, widened.
 */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Extended_Pictographic}]|[[\p{L}\p{M}\p{N}_]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]]{2,}/gv

/** Lower-case words of `text`, in order. */
export function wordsOf(text: string): string[] {
  return text.normalize('NFC').toLowerCase().match(WORD) ?? []
}

export interface TfIdfOptions {
  /** The most frequent this many one- and two-word terms are kept; default 50 000. */
  readonly maxFeatures?: number
}

/** A fitted vectoriser. Terms are numbered words and pairs of them, see `pairKey`. */
export interface TfIdfModel {
  readonly words: ReadonlyMap<string, number>
  readonly columns: ReadonlyMap<number, number>
  /** [columns] */
  readonly idf: Float64Array
}

const DEFAULT_MAX_FEATURES = 50_000
/** Word numbers stay below this, so that a pair of them is an exact integer. */
const WORD_LIMIT = 2 ** 26

/** One number for two neighbouring words; a single word is its own number. */
function pairKey(first: number, second: number): number {
  return (first + 1) * WORD_LIMIT + second
}

/** Keys of the one- and two-word terms of a text. A word that `numberOf` does not know (−1) still parts its neighbours. */
function termKeys(text: string, numberOf: (word: string) => number): number[] {
  const keys: number[] = []
  let previous = -1
  for (const word of wordsOf(text)) {
    const number = numberOf(word)
    if (number >= 0) keys.push(number)
    if (number >= 0 && previous >= 0) keys.push(pairKey(previous, number))
    previous = number
  }
  return keys
}

/** Keeps the most frequent terms, earlier ones first where frequencies are equal. Returns new column numbers, −1 for what is dropped. */
function keepFrequent(frequency: readonly number[], limit: number): Int32Array {
  const columns = Int32Array.from(frequency, (_, i) => i)
  if (frequency.length <= limit) return columns
  const kept = columns.toSorted((a, b) => (frequency[b] ?? 0) - (frequency[a] ?? 0) || a - b).subarray(0, limit)
  columns.fill(-1)
  kept.toSorted().forEach((term, column) => (columns[term] = column))
  return columns
}

/**
 * Learns the terms of the training texts and their weights, and returns the texts' matrix with them.
 *
 * entry = (1 + ln count) · (1 + ln((1 + rows)/(1 + rows with the term))), each row scaled to length one: scikit-learn's
 * `TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)`.
 */
export function fitTfIdf(texts: readonly string[], options: TfIdfOptions = {}): { model: TfIdfModel; matrix: SparseMatrix } {
  const words = new Map<string, number>()
  const numberOf = (word: string): number => {
    const number = words.get(word) ?? words.size
    assert(number < WORD_LIMIT, 'the vocabulary is too large')
    words.set(word, number)
    return number
  }
  const terms = new Map<number, number>()
  const frequency: number[] = []
  // Flat arrays, and no copy of the terms: of long texts there are millions.
  const documents = texts.map((text) =>
    Int32Array.from(termKeys(text, numberOf), (key) => {
      const term = terms.get(key) ?? terms.size
      terms.set(key, term)
      frequency[term] = (frequency[term] ?? 0) + 1
      return term
    })
  )
  const columnOf = keepFrequent(frequency, options.maxFeatures ?? DEFAULT_MAX_FEATURES)
  const columns = new Map<number, number>()
  for (const [key, term] of terms) {
    const column = columnOf[term] ?? -1
    if (column >= 0) columns.set(key, column)
  }
  for (const document of documents) for (const [i, term] of document.entries()) document[i] = columnOf[term] ?? -1
  const counts = countMatrix(documents, columns.size)
  const idf = inverseFrequencies(counts)
  return { model: { words, columns, idf }, matrix: weigh(counts, idf) }
}

/** The matrix of other texts under a fitted vectoriser. Terms that training lacks are left out. */
export function transformTfIdf({ words, columns, idf }: TfIdfModel, texts: readonly string[]): SparseMatrix {
  const documents = texts.map((text) => termKeys(text, (word) => words.get(word) ?? -1).map((key) => columns.get(key) ?? -1))
  return weigh(countMatrix(documents, idf.length), idf)
}

/** Counts of each column in each document, columns ascending. */
function countMatrix(documents: readonly ArrayLike<number>[], columns: number): SparseMatrix {
  const starts = new Int32Array(documents.length + 1)
  const indices: number[] = []
  const values: number[] = []
  documents.forEach((document, row) => {
    const sorted = Int32Array.from(document).sort()
    for (let i = 0; i < sorted.length; i++) {
      const column = sorted[i] ?? -1
      if (column < 0) continue
      if (i > 0 && sorted[i - 1] === column) values[values.length - 1] = (values.at(-1) ?? 0) + 1
      else {
        indices.push(column)
        values.push(1)
      }
    }
    starts[row + 1] = indices.length
  })
  return { rows: documents.length, columns, starts, indices: Int32Array.from(indices), values: Float64Array.from(values) }
}

function inverseFrequencies({ rows, columns, indices }: SparseMatrix): Float64Array {
  const documents = new Float64Array(columns)
  for (const column of indices) documents[column] = (documents[column] ?? 0) + 1
  return documents.map((count) => 1 + Math.log((1 + rows) / (1 + count)))
}

/** Turns counts into weights of rows of length one; an empty row stays empty. */
function weigh(counts: SparseMatrix, idf: Float64Array): SparseMatrix {
  const { rows, starts, indices } = counts
  const values = counts.values.map((count, e) => (1 + Math.log(count)) * (idf[indices[e] ?? 0] ?? 0))
  for (let row = 0; row < rows; row++) {
    const entries = values.subarray(starts[row], starts[row + 1])
    const length = Math.sqrt(entries.reduce((sum, each) => sum + each * each, 0))
    for (let e = 0; e < entries.length; e++) entries[e] = (entries[e] ?? 0) / length
  }
  return { ...counts, values }
}
