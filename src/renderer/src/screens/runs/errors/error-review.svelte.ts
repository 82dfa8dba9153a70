import type { DatasetId, RunId } from '../../../../../preload/contract/common.ts'
import type { PassageVerdict } from '../../../../../preload/contract/passages.ts'
import type { VerdictSummary } from '../../../../../preload/contract/results.ts'
import { attuneError, type AttuneError } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'

const PAGE = 100

/** An error as a list shows it. */
export interface ErrorRow {
  readonly key: string
  readonly verdict: PassageVerdict | null
}

/** Who tells of a run's errors, reads their documents and keeps verdicts on them. */
export interface ErrorSource<Row, Review, Filter extends object, Document> {
  review(id: RunId): Promise<Review>
  errors(
    request: Filter & { readonly id: RunId; readonly from: number; readonly count: number }
  ): Promise<{ readonly total: number; readonly rows: readonly Row[] }>
  judge(request: { readonly id: RunId; readonly key: string; readonly verdict: PassageVerdict | null }): Promise<VerdictSummary>
  revise(id: RunId): Promise<DatasetId>
  document(row: Row): Promise<Document>
  /** Whether a document is the one of an error. */
  shows(document: Document, row: Row): boolean
}

/** The errors of a run, one by one: filtered, paged, one of them open in its document. */
export class ErrorReview<
  Row extends ErrorRow,
  Review extends { readonly verdicts: VerdictSummary },
  Filter extends object,
  Document
> {
  readonly review: Resource<Review>
  readonly #source: ErrorSource<Row, Review, Filter, Document>
  readonly #id: RunId
  #filter = $state.raw<Filter>() as Filter // Set by the constructor.
  #pages = $state.raw<ReadonlyMap<number, readonly Row[]>>(new Map())
  #total = $state<number | null>(null)
  #failure = $state.raw<AttuneError | null>(null)
  #picked = $state(0)
  #document = $state.raw<Document | null>(null)
  readonly #asked = new Set<number>()
  /** Verdicts as they were before each change, the latest last. */
  #past = $state.raw<readonly { readonly key: string; readonly before: PassageVerdict | null }[]>([])
  /** Outdates the answers to an earlier filter. */
  #turn = 0
  readonly open = $derived.by((): Row | undefined => this.row(this.#picked))
  /** The open error's document; null while it is on its way. */
  readonly document = $derived.by((): Document | null => {
    const { open } = this
    return open && this.#document !== null && this.#source.shows(this.#document, open) ? this.#document : null
  })

  constructor(source: ErrorSource<Row, Review, Filter, Document>, id: RunId, every: Filter) {
    this.#source = source
    this.#id = id
    this.#filter = every
    this.review = new Resource(() => source.review(id))
  }

  get filter(): Filter {
    return this.#filter
  }

  /** Errors that the filter lets through; null while nobody knows. */
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

  /** One error on, or back. */
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

  /** Reads the document of an error, unless it is there. */
  async readDocument(row: Row): Promise<void> {
    if (this.#document !== null && this.#source.shows(this.#document, row)) return
    try {
      const document = await this.#source.document(row)
      if (this.open?.key === row.key) this.#document = document
    } catch (thrown) {
      if (this.open?.key === row.key) this.#failure = attuneError(thrown)
    }
  }

  /** Says what is wrong with the open error; the same again takes it back. Saved before the page shows it. */
  async judge(next: PassageVerdict): Promise<void> {
    const { open } = this
    if (!open) return
    const before = open.verdict
    await this.#save(open.key, before === next ? null : next)
    this.#past = [...this.#past, { key: open.key, before }]
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

  async #save(key: string, verdict: PassageVerdict | null): Promise<void> {
    const verdicts = await this.#source.judge({ id: this.#id, key, verdict })
    const { value } = this.review
    if (value) this.review.set({ ...value, verdicts })
    const changed = [...this.#pages].map(([page, rows]) => {
      const next = rows.map((row) => (row.key === key ? { ...row, verdict } : row))
      return [page, next] as const
    })
    this.#pages = new Map(changed)
  }

  /** Reads the pages under errors `from` to `to`, each once. */
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
      const { total, rows } = await this.#source.errors({ ...this.#filter, id: this.#id, from: page * PAGE, count: PAGE })
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
