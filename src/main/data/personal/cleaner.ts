import type { Finder } from './find.ts'
import type { Actions } from './actions.ts'
import { orderIn } from './dates.ts'
import { kindOfLabel } from './kinds.ts'
import { edited, editsFor, type TextEdit } from './rewrite.ts'
import type { Pseudonyms } from './surrogates/pseudonyms.ts'
import { Sample, visibleIn, type Visible } from './visible.ts'

export interface CleanerOptions {
  readonly find: Finder
  readonly actions: Actions
  readonly pseudonyms: Pseudonyms
  /** How many passages that are still visible, and that were found, are kept to be shown; none where 0. */
  readonly visible: number
  readonly found: number
}

/** A text and of whom it speaks. */
export interface OneText {
  readonly text: string
  /** Dates of one group are shifted by the same days. */
  readonly group: string
}

/** A passage as it was written. */
export interface FoundValue {
  readonly kind: string
  readonly value: string
}

export interface CleanText {
  readonly text: string
  readonly edits: readonly TextEdit[]
}

/** Cleans texts and counts what was found: never what it was. */
export class Cleaner {
  readonly #options: CleanerOptions
  readonly #counts = new Map<string, number>()
  readonly #found: Sample<FoundValue>
  readonly #visible: Sample<Visible>

  constructor(options: CleanerOptions) {
    this.#options = options
    this.#visible = new Sample(options.visible)
    this.#found = new Sample(options.found)
  }

  /** Passages found since the last call, by kind. */
  takeCounts(): Readonly<Record<string, number>> {
    const counts = Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)))
    this.#counts.clear()
    return counts
  }

  get visible(): { readonly sample: readonly Visible[]; readonly all: number } {
    return { sample: this.#visible.kept, all: this.#visible.seen }
  }

  get found(): { readonly sample: readonly FoundValue[]; readonly all: number } {
    return { sample: this.#found.kept, all: this.#found.seen }
  }

  async clean(texts: readonly OneText[]): Promise<readonly CleanText[]> {
    const { find, actions, pseudonyms } = this.#options
    const spans = await find(texts.map(({ text }) => text))
    return texts.map(({ text, group }, i) => {
      const mine = spans[i] ?? []
      for (const { label, start, end } of mine) this.#count(kindOfLabel(label), text.slice(start, end))
      const edits = editsFor(text, mine, { actions, pseudonyms, context: { group, order: orderIn(text) } })
      const clean = { text: edited(text, edits), edits }
      if (this.#options.visible > 0) this.#look(clean)
      return clean
    })
  }

  #count(kind: string, value: string): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1)
    if (this.#options.found > 0) this.#found.offer({ kind, value })
  }

  #look({ text, edits }: CleanText): void {
    const places: { readonly start: number; readonly end: number }[] = []
    let shift = 0
    for (const { start, end, text: put } of edits) {
      places.push({ start: start + shift, end: start + shift + put.length })
      shift += put.length - (end - start)
    }
    const isOurs = (start: number, end: number): boolean => places.some((place) => place.start < end && start < place.end)
    for (const visible of visibleIn(text, isOurs)) this.#visible.offer(visible)
  }
}
