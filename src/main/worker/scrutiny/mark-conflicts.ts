import { counted, shown } from '../../base/wording.ts'
import { parseSpans, type Span } from '../../data/spans/span.ts'
import { MOST_LINES, type CloseFinding, type ReadRow } from './scrutiny-types.ts'

/** Different passages that are counted; of more, those that were met once are let go. */
const MOST_PASSAGES = 200_000
/** Shorter passages are too often something else where they stand unmarked. */
const SHORTEST = 4
/** How often a passage must be marked before an unmarked one is worth a look, and how much more often than not. */
const FEWEST = 3
const SHOWN = 3

interface Passage {
  readonly text: string
  /** How often it is marked, by type. */
  readonly types: Map<string, number>
  marked: number
  unmarked: number
}

interface Place {
  readonly line: number
  readonly passage: string
}

const WORD = /[\p{L}\p{M}\p{N}_]+/gu

/**
 * Passages that people marked in some texts and left unmarked in others, or marked as two types: what a model learns from them contradicts itself.
 * Only passages that are marked more often than not count, and only where they stand as whole words in the same letters.
 */
export class MarkConflicts {
  readonly #passages = new Map<string, Passage>()
  /** Passages to look for, by their first word. */
  readonly #byWord = new Map<string, Passage[]>()
  readonly #bare: Place[] = []
  readonly #typed: { readonly line: number; readonly passage: string; readonly type: string }[] = []

  /** The first reading: what is marked, and as what. */
  learn({ text, said, line }: ReadRow): void {
    for (const { start, end, label } of spansIn(text, said, line)) {
      const read = text.slice(start, end).trim()
      if (read.length < SHORTEST) continue
      const known = this.#passages.get(read) ?? { text: read, types: new Map<string, number>(), marked: 0, unmarked: 0 }
      known.marked++
      known.types.set(label, (known.types.get(label) ?? 0) + 1)
      this.#passages.set(read, known)
    }
    if (this.#passages.size <= MOST_PASSAGES) return
    for (const [read, { marked }] of this.#passages) if (marked === 1) this.#passages.delete(read)
  }

  /** Whether a second reading has anything to look for. */
  choose(): boolean {
    for (const passage of this.#passages.values()) {
      const [first] = passage.text.match(WORD) ?? []
      if (passage.marked < FEWEST || first === undefined) continue
      const known = this.#byWord.get(first)
      if (known) known.push(passage)
      else this.#byWord.set(first, [passage])
    }
    return this.#byWord.size > 0
  }

  /** The second reading: where such passages stand unmarked, or marked as a type that is not their usual one. */
  measure({ text, said, line }: ReadRow): void {
    const spans = spansIn(text, said, line)
    for (const { start, end, label } of spans) {
      const passage = this.#passages.get(text.slice(start, end).trim())
      if (!passage || passage.marked < FEWEST || usualOf(passage) === label) continue
      if (this.#typed.length < MOST_LINES) this.#typed.push({ line, passage: passage.text, type: label })
    }
    for (const { index: at, 0: word } of text.matchAll(WORD)) {
      for (const passage of this.#byWord.get(word) ?? []) {
        const from = at - passage.text.indexOf(word)
        const to = from + passage.text.length
        const isThere = from >= 0 && text.startsWith(passage.text, from) && !/[\p{L}\p{N}_]/u.test(text[to] ?? '')
        if (!isThere || spans.some(({ start, end }) => start < to && end > from)) continue
        passage.unmarked++
        if (this.#bare.length < MOST_LINES) this.#bare.push({ line, passage: passage.text })
      }
    }
  }

  findings(): CloseFinding[] {
    return [...this.#bareFinding(), ...this.#typedFinding()]
  }

  #bareFinding(): CloseFinding[] {
    const places = this.#bare.filter(({ passage }) => {
      const { marked = 0, unmarked = 0 } = this.#passages.get(passage) ?? {}
      return marked > unmarked
    })
    if (places.length === 0) return []
    const { lines, remarks } = byLine(places, ({ passage }) => {
      const known = this.#passages.get(passage)
      return `${shown(passage)} is ${known ? usualOf(known) : ''} in ${counted(known?.marked ?? 0, 'other place')}`
    })
    const different = new Set(places.map(({ passage }) => passage)).size
    const sentence = `${counted(different, 'passage is', 'passages are')} marked in most places and left unmarked in ${counted(places.length, 'other')}. Read them: what is once marked and once not cannot be learned.`
    return [{ code: 'marks-missed', sentence, rows: lines.length, weight: 'look', lines, remarks, fixes: {} }]
  }

  #typedFinding(): CloseFinding[] {
    if (this.#typed.length === 0) return []
    const { lines, remarks } = byLine(this.#typed, ({ passage, type }) => {
      const known = this.#passages.get(passage)
      return `${shown(passage)} is ${type} here and mostly ${known ? usualOf(known) : ''}`
    })
    const different = new Set(this.#typed.map(({ passage }) => passage)).size
    const sentence = `${counted(different, 'passage is', 'passages are')} marked as one type in most places and as another in ${counted(this.#typed.length, 'other')}. Both may be right; where not, the model learns both.`
    return [{ code: 'marks-differ', sentence, rows: lines.length, weight: 'fyi', lines, remarks, fixes: {} }]
  }
}

/** A cell that holds no list of marks is not looked at: the report on the data says so already. */
function spansIn(text: string, said: string, line: number): readonly Span[] {
  try {
    return parseSpans(text, said, { file: '', line, column: '' })
  } catch {
    return []
  }
}

const usualOf = ({ types }: Passage): string =>
  [...types].reduce<readonly [string, number]>((best, each) => (each[1] > best[1] ? each : best), ['', 0])[0]

/** One entry for each row, with what is said of its first few places. */
function byLine<T extends { readonly line: number }>(
  places: readonly T[],
  say: (place: T) => string
): { readonly lines: number[]; readonly remarks: string[] } {
  const said = new Map<number, Set<string>>()
  for (const place of places) said.set(place.line, (said.get(place.line) ?? new Set<string>()).add(say(place)))
  const remarks = [...said.values()].map((all) => {
    const more = all.size > SHOWN ? ` and ${counted(all.size - SHOWN, 'more', 'more')}` : ''
    return `${[...all].slice(0, SHOWN).join('; ')}${more}`
  })
  return { lines: [...said.keys()], remarks }
}
