import { counted } from '../../base/wording.ts'
import { languageOf } from '../../data/language.ts'
import { percent } from '../../report/numbers.ts'
import { MOST_LINES, type CloseFinding, type ReadRow } from './scrutiny-types.ts'

/** Texts whose language is looked for; of more, as many evenly chosen ones. */
const MOST_TEXTS = 100_000
/** Characters that are looked at, and below which a text is too short to tell. */
const LOOKED_AT = 600
const SHORTEST = 30
const SHOWN = 5

const NAMES = new Intl.DisplayNames(['en'], { type: 'language' })
const nameOf = (code: string): string => NAMES.of(code) ?? code

/** In which languages texts are, by their letters (eld, 60 languages); what is too short or in doubt is not counted. */
export class Languages {
  readonly #step: number
  readonly #counts = new Map<string, number>()
  readonly #found: { readonly line: number; readonly code: string }[] = []
  #seen = 0

  constructor(rows: number) {
    this.#step = Math.max(1, Math.ceil(rows / MOST_TEXTS))
  }

  add({ line, text }: ReadRow): void {
    if (this.#seen++ % this.#step !== 0) return
    const looked = text.trim().slice(0, LOOKED_AT)
    if (looked.length < SHORTEST) return
    const code = languageOf(looked)
    if (code === null) return
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1)
    if (this.#found.length < MOST_TEXTS) this.#found.push({ line, code })
  }

  findings(): CloseFinding[] {
    const sorted = [...this.#counts].toSorted((a, b) => b[1] - a[1])
    const all = sorted.reduce((sum, [, count]) => sum + count, 0)
    const [main, ...others] = sorted
    if (!main || others.length === 0) return []
    const rare = this.#found.filter(({ code }) => code !== main[0]).slice(0, MOST_LINES)
    const listed = others.slice(0, SHOWN).map(([code, count]) => `${nameOf(code)} ${count}`)
    const more = others.length > SHOWN ? ` and ${counted(others.length - SHOWN, 'more language')}` : ''
    const sampled = this.#step > 1 ? ` One text in ${this.#step} was looked at.` : ''
    const sentence = `${percent(main[1] / all)} of the texts are in ${nameOf(main[0])}; others: ${listed.join(', ')}${more}. A model reads well only languages that it was made for.${sampled}`
    const lines = rare.map(({ line }) => line)
    const fixes = this.#step > 1 || this.#found.length >= MOST_TEXTS ? {} : { drop: [{ kind: 'drop', lines } as const] }
    return [
      {
        code: 'languages',
        sentence,
        rows: rare.length,
        weight: 'fyi',
        lines,
        remarks: rare.map(({ code }) => nameOf(code)),
        fixes
      }
    ]
  }
}
