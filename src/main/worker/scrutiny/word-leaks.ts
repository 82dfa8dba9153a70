import { shown } from '../../base/wording.ts'
import { wilson, wordsOf, type Estimate } from '../../engine/evaluation/index.ts'
import { percent, percentRange } from '../../report/numbers.ts'
import { MOST_LINES, type CloseFinding, type ReadRow } from './scrutiny-types.ts'

/** Different words that are counted before rare ones are let go: a word that gives a class away is frequent (Manku & Motwani 2002). */
const MOST_WORDS = 300_000
/** Rows of a class, in each half, below which no interval could be narrow enough. */
const FEWEST = 16
const MOST_CLASSES = 50
/** Words that are tried for a class on the other half. */
const TRIED = 3
/** Ends of intervals that raise the alarm: nearly all rows of the class have the word, hardly any other does, and the word is nearly always right. */
const FOUND = 0.8
const ELSEWHERE = 0.1
const RIGHT = 0.8

interface Candidate {
  readonly label: number
  readonly word: string
}

interface Tally {
  /** Rows of the class with the word, and all of the class; the same of other rows. */
  own: number
  others: number
}

/**
 * Single words that tell a class alone (leakage: Kaufman, Rosset & Perlich 2012, TKDD 6(4)). A rule "has the word, hence the class" is chosen on half of
 * the units and measured on the other, so that the choice among many words cannot flatter it; the intervals are Wilson's, at a level that allows for all
 * words that are tried.
 */
export class WordLeaks {
  /** Rows of the first half with a word, by class. */
  readonly #counts = new Map<string, number[]>()
  readonly #classRows: [number[], number[]] = [[], []]
  readonly #rows = [0, 0]
  #level = 0
  #tried: readonly Candidate[] = []
  readonly #tallies: Tally[] = []
  readonly #lines: number[][] = []

  /** The first reading: counts words of one half. */
  learn(row: ReadRow): void {
    const half = halfOf(row)
    this.#rows[half] = (this.#rows[half] ?? 0) + 1
    for (const label of row.labels) this.#classRows[half][label] = (this.#classRows[half][label] ?? 0) + 1
    if (this.#classRows[0].length > MOST_CLASSES) this.#counts.clear()
    if (half === 1 || this.#classRows[0].length > MOST_CLASSES) return
    for (const word of wordsIn(row)) {
      const counts = this.#counts.get(word) ?? []
      // A long word is a slice that would keep its whole text.
      if (counts.length === 0) this.#counts.set(Buffer.from(word).toString(), counts)
      for (const label of row.labels) counts[label] = (counts[label] ?? 0) + 1
    }
    if (this.#counts.size > MOST_WORDS) this.#forget()
  }

  /** Chooses what is tried. Whether a second reading has anything to measure. */
  choose(): boolean {
    const [rowsOf] = this.#classRows
    if (rowsOf.length > MOST_CLASSES) return false
    const total = this.#rows[0] ?? 0
    this.#tried = [...rowsOf.keys()].flatMap((label) => {
      const own = rowsOf[label] ?? 0
      if (own < FEWEST || total - own < FEWEST) return []
      const scored = [...this.#counts].map(([word, counts]) => {
        const all = counts.reduce((sum, each) => sum + each, 0)
        const found = counts[label] ?? 0
        // Youden's J: found among the class, less found elsewhere.
        return { word, score: found / own - Math.max(0, all - found) / (total - own) }
      })
      scored.sort((a, b) => b.score - a.score || (a.word < b.word ? -1 : 1))
      return scored
        .slice(0, TRIED)
        .filter(({ score }) => score > FOUND - ELSEWHERE)
        .map(({ word }) => ({ label, word }))
    })
    for (const [at] of this.#tried.entries()) {
      this.#tallies[at] = { own: 0, others: 0 }
      this.#lines[at] = []
    }
    return this.#tried.length > 0
  }

  /** The second reading: measures on the other half, and notes which rows have the words. */
  measure(row: ReadRow): void {
    const words = wordsIn(row)
    for (const [at, { label, word }] of this.#tried.entries()) {
      if (!words.has(word)) continue
      const lines = this.#lines[at]
      if (lines && lines.length < MOST_LINES) lines.push(row.line)
      const tally = this.#tallies[at]
      if (halfOf(row) === 0 || !tally) continue
      if (row.labels.includes(label)) tally.own++
      else tally.others++
    }
  }

  findings(names: readonly string[]): CloseFinding[] {
    const level = 1 - 0.05 / Math.max(1, this.#tried.length)
    const [, classRows] = this.#classRows
    const told = new Set<string>()
    return this.#tried.flatMap(({ label, word }, at) => {
      const { own, others } = this.#tallies[at] ?? { own: 0, others: 0 }
      const ofClass = classRows[label] ?? 0
      const found = wilson(own, ofClass, level)
      const elsewhere = wilson(others, (this.#rows[1] ?? 0) - ofClass, level)
      const right = wilson(own, own + others, level)
      if (ofClass < FEWEST || !found || !elsewhere || !right || told.has(word)) return []
      if (found.low < FOUND || elsewhere.high > ELSEWHERE || right.low < RIGHT) return []
      told.add(word)
      const lines = this.#lines[at] ?? []
      const code = `leak-word-${told.size}`
      return [
        {
          code,
          sentence: sentenceOf(word, names[label] ?? '', found, elsewhere),
          rows: lines.length,
          weight: 'look',
          lines,
          remarks: null,
          fixes: {}
        } as const
      ]
    })
  }

  /** Lets go of words that so few rows had that they cannot be among those that give a class away. */
  #forget(): void {
    this.#level++
    for (const [word, counts] of this.#counts) {
      const all = counts.reduce((sum, each) => sum + each, 0)
      if (all <= this.#level) this.#counts.delete(word)
    }
  }
}

function sentenceOf(word: string, name: string, found: Estimate, elsewhere: Estimate): string {
  return `The word ${shown(word)} alone tells the class ${shown(name)}: it stands in ${percent(found.value)} of its rows (${percentRange(found)}\u00a0%) and in ${percent(elsewhere.value)} of the others, counted on rows by which it was not chosen. If people do not write it before they know the answer, the result will not hold in use.`
}

/** Rows of a unit lie in one half. */
const halfOf = ({ unit }: ReadRow): 0 | 1 => (unit % 2 === 0 ? 0 : 1)

const wordsIn = ({ text, pair }: ReadRow): ReadonlySet<string> => new Set(wordsOf(pair === '' ? text : `${text} ${pair}`))
