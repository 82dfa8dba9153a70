import { isSpansCell } from '../spans/span.ts'

const MOST_TYPES = 200

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
