import type { Span } from '../spans/span.ts'
import { kindOfLabel } from './kinds.ts'

/** How what was found compares with what people marked, for one kind or all of them. */
export interface KindCheck {
  /** Marked passages. */
  readonly marked: number
  /** Of these, passages of which every letter and digit was found, whatever it was taken for. */
  readonly hidden: number
  /** Of these, passages of which only some was found. */
  readonly partly: number
  /** Passages that were found as this kind. */
  readonly found: number
  /** Of these, passages that touch a mark of the same kind. */
  readonly right: number
  /** Of these, passages that touch a mark of any kind. */
  readonly justified: number
}

type Counts = { -readonly [Name in keyof KindCheck]: number }

/** Compares findings with marks text by text. */
export class Check {
  readonly #kinds = new Map<string, Counts>()

  /** By kind, and `all`. */
  get result(): Readonly<Record<string, KindCheck>> {
    return Object.fromEntries(this.#kinds)
  }

  add(text: string, marks: readonly Span[], found: readonly Span[]): void {
    for (const mark of marks) {
      const rate = coverage(text, mark, found)
      for (const counts of this.#countsOf(kindOfLabel(mark.label))) {
        counts.marked++
        if (rate === 1) counts.hidden++
        else if (rate > 0) counts.partly++
      }
    }
    for (const one of found) {
      const touched = marks.filter((mark) => mark.start < one.end && one.start < mark.end)
      for (const counts of this.#countsOf(kindOfLabel(one.label))) {
        counts.found++
        if (touched.length > 0) counts.justified++
        if (touched.some(({ label }) => kindOfLabel(label) === kindOfLabel(one.label))) counts.right++
      }
    }
  }

  #countsOf(kind: string): readonly Counts[] {
    return ['all', kind].map((name) => {
      const counts = this.#kinds.get(name) ?? { marked: 0, hidden: 0, partly: 0, found: 0, right: 0, justified: 0 }
      this.#kinds.set(name, counts)
      return counts
    })
  }
}

/** The share of a mark's letters and digits that findings cover. */
function coverage(text: string, mark: Span, found: readonly Span[]): number {
  let [all, covered] = [0, 0]
  for (let at = mark.start; at < mark.end; at++) {
    if (!/[\p{L}\p{N}\p{Surrogate}]/u.test(text[at] ?? '')) continue
    all++
    if (found.some(({ start, end }) => start <= at && at < end)) covered++
  }
  return all === 0 ? 1 : covered / all
}
