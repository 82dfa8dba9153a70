import type { Finding } from '../../../preload/contract/data.ts'
import { counted, harmless } from '../../base/wording.ts'
import { isSpansCell } from '../spans/span.ts'

const MOST_TYPES = 200
const SHOWN_TYPES = 12

/** Counts the marked passages of a column's cells by their type. */
export class MarkCounts {
  readonly #types = new Map<string, number>()
  #texts = 0
  #bare = 0

  /** Texts that somebody looked at, and those of them in which nothing is marked. */
  get texts(): { readonly all: number; readonly bare: number } {
    return { all: this.#texts, bare: this.#bare }
  }

  /** The most frequent first. */
  get types(): readonly (readonly [type: string, count: number])[] {
    return [...this.#types].toSorted((a, b) => b[1] - a[1])
  }

  /** Cells that hold no list of marks count as not looked at. */
  add(cell: string): void {
    if (!isSpansCell(cell)) return
    const marks = listIn(cell)
    this.#texts++
    if (marks.length === 0) this.#bare++
    for (const mark of marks) {
      const type = typeof mark === 'object' && mark !== null && 'label' in mark ? String(mark.label) : ''
      if (this.#types.has(type) || this.#types.size < MOST_TYPES) this.#types.set(type, (this.#types.get(type) ?? 0) + 1)
    }
  }
}

function listIn(cell: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(cell)
    return Array.isArray(list) ? (list as readonly unknown[]) : [] // Checked by Array.isArray, which says any[].
  } catch {
    return []
  }
}

/** What the marks are, as something to know. */
export function marksFindings(counts: MarkCounts): readonly Finding[] {
  const { texts, types } = counts
  if (texts.all === 0) return []
  const shown = types.slice(0, SHOWN_TYPES).map(([type, count]) => `${harmless(type).slice(0, 40)} ${count}`)
  const more = types.length > SHOWN_TYPES ? ` and ${counted(types.length - SHOWN_TYPES, 'more type')}` : ''
  const bare = texts.bare === 0 ? '' : ` In ${counted(texts.bare, 'text')} nothing is marked.`
  const sentence = `${counted(texts.all, 'text has', 'texts have')} marked passages: ${shown.join(', ')}${more}.${bare}`
  return [{ code: 'marks', sentence, rows: texts.all, weight: 'fyi', hasRows: false, fixes: [] }]
}
