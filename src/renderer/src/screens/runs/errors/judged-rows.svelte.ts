import type { DatasetId, RunId } from '../../../../../preload/contract/common.ts'
import type { VerdictSummary } from '../../../../../preload/contract/results.ts'
import { attuneError, type AttuneError } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'

const PAGE = 100

/** Who tells of a run's rows and keeps verdicts on them. */
export interface RowSource<Row extends { readonly verdict: unknown }, Review, Filter extends object, Key> {
  readonly review: (id: RunId) => Promise<Review>
  readonly rows: (
    request: Filter & { readonly id: RunId; readonly from: number; readonly count: number }
  ) => Promise<{ readonly total: number; readonly rows: readonly Row[] }>
  readonly judge: (request: { readonly id: RunId; readonly key: Key; readonly verdict: Row['verdict'] | null }) => Promise<VerdictSummary>
  readonly revise: (id: RunId) => Promise<DatasetId>
  readonly keyOf: (row: Row) => Key
  readonly isSame: (before: Row['verdict'] | null, next: Row['verdict']) => boolean
}

/** What a test said, row by row: filtered, paged, one row open, a person's verdict on each. */
export class JudgedRows<
  Row extends { readonly verdict: unknown },
  Review extends { readonly verdicts: VerdictSummary },
  Filter extends object,
  Key
> {
  readonly review: Resource<Review>
  readonly #source: RowSource<Row, Review, Filter, Key>
  readonly #id: RunId
  #filter = $state.raw<Filter>() as Filter // Set by the constructor.
  #pages = $state.raw<ReadonlyMap<number, readonly Row[]>>(new Map())
  #total = $state<number | null>(null)
  #failure = $state.raw<AttuneError | null>(null)
  #picked = $state(0)
  readonly #asked = new Set<number>()
  /** Verdicts as they were before each change, the latest last. */
  #past = $state.raw<readonly { readonly key: Key; readonly before: Row['verdict'] | null }[]>([])
  /** Outdates the answers to an earlier filter. */
  #turn = 0
  readonly open = $derived.by((): Row | undefined => this.row(this.#picked))

  constructor(source: RowSource<Row, Review, Filter, Key>, id: RunId, filter: Filter) {
    this.#source = source
    this.#id = id
    this.#filter = filter
    this.review = new Resource(() => source.review(id))
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

  row(index: number): Row | undefined {
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

  /** Shows what another filter lets through, from the first. */
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
  async judge(next: NonNullable<Row['verdict']>): Promise<void> {
    const { open } = this
    if (!open) return
    const [key, before]: [Key, Row['verdict'] | null] = [this.#source.keyOf(open), open.verdict]
    await this.#save(key, this.#source.isSame(before, next) ? null : next)
    this.#past = [...this.#past, { key, before }]
  }

  /** Takes the latest change of a verdict back. */
  async undo(): Promise<void> {
    const last = this.#past.at(-1)
    if (!last) return
    await this.#save(last.key, last.before)
    this.#past = this.#past.slice(0, -1)
  }

  /** Makes a version of the data with what was corrected. */
  async revise(): Promise<DatasetId> {
    const made = await this.#source.revise(this.#id)
    // What a version holds is taken back there, not here.
    this.#past = []
    await this.review.load()
    return made
  }

  async #save(key: Key, verdict: Row['verdict'] | null): Promise<void> {
    const verdicts = await this.#source.judge({ id: this.#id, key, verdict })
    const { value } = this.review
    if (value) this.review.set({ ...value, verdicts })
    const changed = [...this.#pages].map(([page, rows]) => {
      const next = rows.map((row) => (this.#source.keyOf(row) === key ? { ...row, verdict } : row))
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
      const { total, rows } = await this.#source.rows({ ...this.#filter, id: this.#id, from: page * PAGE, count: PAGE })
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
