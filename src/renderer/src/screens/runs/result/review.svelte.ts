import type { DatasetId, RunId } from '../../../../../preload/contract/common.ts'
import type { Review, ReviewFilter, ReviewRow, Verdict, VerdictSummary } from '../../../../../preload/contract/results.ts'
import { attuneError, type Api, type AttuneError } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'

const PAGE = 100

export type Filter = Omit<ReviewFilter, 'id'>

export const ERRORS: Filter = { only: 'errors', answer: null, predicted: null }

/** The rows of the test one by one: filtered, paged, one of them open. */
export class ReviewState {
  readonly review: Resource<Review>
  readonly #api: Api['results']
  readonly #id: RunId
  #filter = $state.raw<Filter>(ERRORS)
  #pages = $state.raw<ReadonlyMap<number, readonly ReviewRow[]>>(new Map())
  #total = $state<number | null>(null)
  #failure = $state.raw<AttuneError | null>(null)
  #picked = $state(0)
  readonly #asked = new Set<number>()
  /** Verdicts as they were before each change, the latest last. */
  #past = $state.raw<readonly { readonly line: number; readonly before: Verdict | null }[]>([])
  /** Outdates the answers to an earlier filter. */
  #turn = 0
  readonly open = $derived.by((): ReviewRow | undefined => this.row(this.#picked))

  constructor(api: Api['results'], id: RunId) {
    this.#api = api
    this.#id = id
    this.review = new Resource(() => api.review(id))
  }

  get filter(): Filter {
    return this.#filter
  }

  /** Rows that the filter lets through; null while nobody knows. */
  get total(): number | null {
    return this.#total
  }

  get failure(): AttuneError | null {
    return this.#failure
  }

  get picked(): number {
    return this.#picked
  }

  get canUndo(): boolean {
    return this.#past.length > 0
  }

  async load(): Promise<void> {
    await Promise.all([this.review.load(), this.read(0, PAGE)])
  }

  row(index: number): ReviewRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE]
  }

  pick(index: number): void {
    this.#picked = index
  }

  /** One row on, or back. */
  move(by: number): void {
    const last = (this.#total ?? 1) - 1
    this.#picked = Math.max(0, Math.min(last, this.#picked + by))
    void this.read(this.#picked, this.#picked + 1)
  }

  /** Shows what another filter lets through, from its worst row. */
  async show(filter: Filter): Promise<void> {
    this.#turn++
    this.#filter = filter
    this.#picked = 0
    this.#asked.clear()
    this.#pages = new Map()
    this.#total = null
    await this.read(0, PAGE)
  }

  /** Says what is wrong with the open row; the same again takes it back. Saved before the page shows it. */
  async judge(next: Verdict): Promise<void> {
    const { open } = this
    if (!open) return
    const before = open.verdict
    const isSame = before?.kind === next.kind && before.rightAnswer === next.rightAnswer && before.note === next.note
    await this.#save(open.line, isSame ? null : next)
    this.#past = [...this.#past, { line: open.line, before }]
  }

  /** Takes the latest change of a verdict back. */
  async undo(): Promise<void> {
    const last = this.#past.at(-1)
    if (!last) return
    await this.#save(last.line, last.before)
    this.#past = this.#past.slice(0, -1)
  }

  /** Makes a version of the data with the right labels. */
  async revise(): Promise<DatasetId> {
    const made = await this.#api.revise(this.#id)
    // What a version holds is taken back there, not here.
    this.#past = []
    await this.review.load()
    return made
  }

  async #save(line: number, verdict: Verdict | null): Promise<void> {
    const verdicts: VerdictSummary = await this.#api.judge({ id: this.#id, line, verdict })
    const { value } = this.review
    if (value) this.review.set({ ...value, verdicts })
    const changed = [...this.#pages].map(([page, rows]) => {
      const next = rows.map((row) => (row.line === line ? { ...row, verdict } : row))
      return [page, next] as const
    })
    this.#pages = new Map(changed)
  }

  /** Reads the pages under rows `from` to `to`, each once. */
  async read(from: number, to: number): Promise<void> {
    const end = Math.min(to, this.#total ?? to)
    const pages: number[] = []
    for (let page = Math.floor(from / PAGE); page * PAGE < end; page++) if (!this.#asked.has(page)) pages.push(page)
    await Promise.all(pages.map((page) => this.#readPage(page)))
  }

  async #readPage(page: number): Promise<void> {
    const turn = this.#turn
    this.#asked.add(page)
    try {
      const { total, rows } = await this.#api.rows({ id: this.#id, ...this.#filter, from: page * PAGE, count: PAGE })
      if (turn !== this.#turn) return
      this.#total = total
      this.#pages = new Map(this.#pages).set(page, rows)
      this.#failure = null
    } catch (thrown) {
      if (turn !== this.#turn) return
      this.#asked.delete(page)
      this.#failure = attuneError(thrown)
    }
  }
}
