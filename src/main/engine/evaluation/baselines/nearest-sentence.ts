import { wordsIn } from '../../../base/words-in.ts'

export interface NearSentence {
  readonly start: number
  readonly end: number
  /** BM25 of the sentence for the question; 0 where they share no word. */
  readonly score: number
}

/** Okapi BM25 (Robertson & Zaragoza 2009) as usual. */
const saturation = 1.2
const lengthShare = 0.75

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

interface Sentence {
  readonly start: number
  readonly end: number
  readonly counts: ReadonlyMap<string, number>
  readonly length: number
}

const lowered = (text: string): string[] =>
  wordsIn(text).flatMap(({ start, end }) => {
    const word = text.slice(start, end).toLowerCase()
    return /[\p{L}\p{N}]/u.test(word) ? [word] : []
  })

/** The sentences of a text without the white space around them; each line ends one. */
function sentencesOf(text: string): Sentence[] {
  return [...segmenter.segment(text)].flatMap(({ segment, index }) => {
    const inner = segment.trim()
    if (inner === '') return []
    const start = index + segment.indexOf(inner)
    const words = lowered(inner)
    const counts = new Map<string, number>()
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
    return [{ start, end: start + inner.length, counts, length: words.length }]
  })
}

let last: { readonly text: string; readonly sentences: readonly Sentence[] } | null = null

/** The sentence of a text that is nearest to a question by BM25 over the text's own sentences; null for a text without words. */
export function nearestSentence(text: string, question: string): NearSentence | null {
  // Questions of one text follow each other.
  if (last?.text !== text) last = { text, sentences: sentencesOf(text) }
  const { sentences } = last
  const asked = [...new Set(lowered(question))]
  const average = sentences.reduce((sum, { length }) => sum + length, 0) / Math.max(1, sentences.length)
  const rarity = asked.map((word) => {
    const having = sentences.filter(({ counts }) => counts.has(word)).length
    return Math.log(1 + (sentences.length - having + 0.5) / (having + 0.5))
  })
  const scored = sentences.map(({ start, end, counts, length }): NearSentence => {
    const norm = saturation * (1 - lengthShare + lengthShare * (length / Math.max(1, average)))
    const score = asked.reduce((sum, word, i) => {
      const count = counts.get(word) ?? 0
      return sum + ((rarity[i] ?? 0) * count * (saturation + 1)) / (count + norm)
    }, 0)
    return { start, end, score }
  })
  return scored.reduce<NearSentence | null>((best, one) => (best === null || one.score > best.score ? one : best), null)
}
