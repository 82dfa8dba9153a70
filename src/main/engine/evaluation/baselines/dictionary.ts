import { wordsIn } from '../../../base/words-in.ts'
import type { Mark } from '../../../base/mark.ts'

/** Texts with their marks, in order and apart. */
export interface MarkedTexts {
  readonly texts: readonly string[]
  readonly marks: readonly (readonly Mark[])[]
}

/** Words of a marked passage at most; longer ones do not repeat. */
const longest = 12
/** Shares of a pattern's places in the training texts that are marked from which on it is believed. Validation chooses one. */
const beliefs = [0.3, 0.5, 0.7, 0.9] as const

interface Stretch {
  readonly start: number
  readonly end: number
}

interface Words {
  readonly text: string
  readonly words: readonly Stretch[]
}

/** The patterns by which the words [from, to) may be known again, the most particular first. */
function patternsOf({ text, words }: Words, from: number, to: number): string[] {
  const parts: string[] = []
  const shapes: string[] = []
  for (let at = from; at < to; at++) {
    const part = text.slice(words[at]?.start, words[at]?.end)
    const isApart = at > from && (words[at - 1]?.end ?? 0) < (words[at]?.start ?? 0)
    parts.push(isApart ? ` ${part}` : part)
    shapes.push(isApart ? ` ${shapeOf(part)}` : shapeOf(part))
  }
  const before = from === 0 ? '' : text.slice(words[from - 1]?.start, words[from - 1]?.end).toLowerCase()
  const [surface, shape] = [parts.join(''), shapes.join('')]
  const digits = surface.replace(/\p{N}/gu, '0')
  // A stretch without digits has no pattern of digits; its shape says something beside the word before it alone.
  return [`surface ${surface}`, ...(digits === surface ? [] : [`digits ${digits}`]), `after ${before} shape ${shape}`]
}

/** Capitals, small letters and digits: runs of small letters and digits count as one. */
const shapeOf = (word: string): string =>
  word
    .replace(/\p{Lu}/gu, 'A')
    .replace(/\p{Ll}+/gu, 'a')
    .replace(/\p{N}+/gu, '0')

interface Entry {
  /** How often the pattern stands in the training texts, and how often marked as each type. */
  places: number
  readonly marked: Map<string, number>
}

/** Patterns of marked passages by length in words, with their counts. */
export class PassageDictionary {
  readonly #entries = new Map<string, Entry>()
  readonly #lengths = new Set<number>()

  /** Learns the words of every mark, their digits as a pattern, and their shape behind the word that stands before them. */
  constructor({ texts, marks }: MarkedTexts) {
    const all = texts.map((text) => ({ text, words: wordsIn(text) }))
    for (const [i, own] of all.entries()) {
      for (const mark of marks[i] ?? []) {
        const found = wordsOf(own, mark)
        if (!found || found.to - found.from > longest) continue
        this.#lengths.add(found.to - found.from)
        for (const pattern of patternsOf(own, found.from, found.to)) {
          const entry = this.#entries.get(pattern) ?? { places: 0, marked: new Map<string, number>() }
          entry.marked.set(mark.label, (entry.marked.get(mark.label) ?? 0) + 1)
          this.#entries.set(pattern, entry)
        }
      }
    }
    for (const own of all) this.#countPlaces(own)
  }

  /** The passages of a text: at each word the longest pattern that is believed, particular patterns before general ones. */
  find(text: string, belief: number): Mark[] {
    const own = { text, words: wordsIn(text) }
    const found: Mark[] = []
    const lengths = [...this.#lengths].sort((a, b) => b - a)
    for (let at = 0; at < own.words.length;) {
      const match = this.#matchAt(own, at, lengths, belief)
      if (match) found.push(match.mark)
      at = match?.to ?? at + 1
    }
    return found
  }

  #countPlaces(own: Words): void {
    for (let from = 0; from < own.words.length; from++) {
      for (const length of this.#lengths) {
        if (from + length > own.words.length) continue
        for (const pattern of patternsOf(own, from, from + length)) {
          const entry = this.#entries.get(pattern)
          if (entry) entry.places++
        }
      }
    }
  }

  #matchAt(own: Words, from: number, lengths: readonly number[], belief: number): { mark: Mark; to: number } | null {
    for (const length of lengths) {
      const to = from + length
      if (to > own.words.length) continue
      for (const pattern of patternsOf(own, from, to)) {
        const label = this.#labelOf(pattern, belief)
        if (label === null) continue
        return { mark: { start: own.words[from]?.start ?? 0, end: own.words[to - 1]?.end ?? 0, label }, to }
      }
    }
    return null
  }

  #labelOf(pattern: string, belief: number): string | null {
    const entry = this.#entries.get(pattern)
    if (!entry) return null
    const [label, count] = [...entry.marked].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0])
    return count >= belief * Math.max(1, entry.places) ? label : null
  }
}

function wordsOf({ words }: Words, { start, end }: Mark): { from: number; to: number } | null {
  const from = words.findIndex((word) => word.end > start)
  if (from < 0) return null
  let to = from
  while (to < words.length && (words[to]?.start ?? 0) < end) to++
  return to > from ? { from, to } : null
}

/** Passages of `test` by a dictionary of `train`; how surely a pattern must be marked there is chosen by F1 on `validation`. */
export function dictionaryAnswers(
  train: MarkedTexts,
  validation: MarkedTexts,
  test: readonly string[],
  score: (truth: MarkedTexts['marks'], said: MarkedTexts['marks']) => number
): Mark[][] {
  const dictionary = new PassageDictionary(train)
  const answers = (texts: readonly string[], belief: number): Mark[][] => texts.map((text) => dictionary.find(text, belief))
  let [best, most] = [0.5, -1]
  if (validation.texts.length > 0) {
    for (const belief of beliefs) {
      const own = score(validation.marks, answers(validation.texts, belief))
      if (own > most) [best, most] = [belief, own]
    }
  }
  return answers(test, best)
}
