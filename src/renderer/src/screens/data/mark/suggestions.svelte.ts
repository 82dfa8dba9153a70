import type { DatasetId } from '../../../../../preload/contract/common.ts'
import type { SuggestedPassage } from '../../../../../preload/contract/marking.ts'
import type { Api } from '../../../lib/api.ts'

/** Documents for which suggestions are asked at once. */
const AHEAD = 20

/** What the last run would mark; asked for only when the person wants it. */
export class Suggestions {
  isWanted = $state(false)
  #isAsking = $state(false)
  #found = $state.raw<ReadonlyMap<number, readonly SuggestedPassage[]>>(new Map())
  readonly #api: Api['marking']
  readonly #id: DatasetId

  constructor(api: Api['marking'], id: DatasetId) {
    this.#api = api
    this.#id = id
  }

  get isAsking(): boolean {
    return this.#isAsking
  }

  at(line: number): readonly SuggestedPassage[] {
    return this.isWanted ? (this.#found.get(line) ?? []) : []
  }

  /** Asks for the documents from place `at` on, if the first of them was not asked for yet. */
  async ask(lines: readonly number[], at: number): Promise<void> {
    const line = lines[at]
    if (!this.isWanted || line === undefined || this.#found.has(line) || this.#isAsking) return
    this.#isAsking = true
    try {
      const found = await this.#api.suggest({ id: this.#id, lines: lines.slice(at, at + AHEAD) })
      this.#found = new Map([...this.#found, ...found.map((each) => [each.line, each.passages] as const)])
    } catch {
      // Suggestions are an offer: without them marking goes on.
      this.isWanted = false
    } finally {
      this.#isAsking = false
    }
  }

  /** Shows one no more. */
  dismiss(line: number, one: SuggestedPassage): void {
    const left = (this.#found.get(line) ?? []).filter((each) => each !== one)
    this.#found = new Map(this.#found).set(line, left)
  }
}
