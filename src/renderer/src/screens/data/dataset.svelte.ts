import type { DatasetId } from '../../../../preload/contract/common.ts'
import type { DatasetReport, DatasetSummary, DatasetVersion, Roles, SplitSettings } from '../../../../preload/contract/data.ts'
import type { Api } from '../../lib/api.ts'
import { Resource } from '../../lib/resource.svelte.ts'
import { words } from '../../lib/words/index.ts'

const PAGE = 200

/** What is asked of the person in a dialog. */
export type Question =
  | { readonly what: 'classes'; readonly names: readonly string[] }
  | { readonly what: 'kinds' | 'questions' | 'read' | 'split' | 'datasheet' | 'rejected' }

/** One table: its rows as they are scrolled to, its roles, and what the data are like under them. */
export class DatasetState {
  readonly id: DatasetId
  readonly summary: Resource<DatasetSummary>
  readonly report: Resource<DatasetReport>
  readonly versions: Resource<readonly DatasetVersion[]>
  #pages = $state.raw<ReadonlyMap<number, readonly (readonly string[])[]>>(new Map())
  /** Roles that were chosen and are being looked through. */
  #chosen = $state.raw<Roles | null>(null)
  #question = $state.raw<Question | null>(null)
  readonly #asked = new Set<number>()
  readonly #api: Api['data']
  readonly roles = $derived.by((): Roles | undefined => this.#chosen ?? this.report.value?.roles ?? this.summary.value?.roles)
  /** Why training cannot come next; null where it can. */
  readonly blocked = $derived.by((): string | null => {
    const report = this.report.value
    const failure = this.summary.failure ?? this.report.failure
    if (failure) return failure.message
    if (!report || this.#chosen) return words.common.loading
    const { text, answer, belonging } = report.roles
    if (text !== null && answer !== null && belonging === null) return words.data.answerFirst
    return report.blocked
  })

  constructor(api: Api['data'], id: DatasetId, known?: DatasetSummary) {
    this.id = id
    this.#api = api
    this.summary = new Resource(() => api.get(id), known)
    this.report = new Resource(() => api.report(id))
    this.versions = new Resource(() => api.versions(id))
  }

  async load(): Promise<void> {
    await Promise.all([this.summary.load(), this.report.load(), this.versions.load(), this.show(0, PAGE)])
  }

  row(index: number): readonly string[] | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE]
  }

  numberOf(index: number): number {
    return index + 1
  }

  /** Reads the pages under rows `from` to `to`, each once. */
  async show(from: number, to: number): Promise<void> {
    const pages = []
    for (let page = Math.floor(from / PAGE); page * PAGE < to; page++) if (!this.#asked.has(page)) pages.push(page)
    await Promise.all(pages.map((page) => this.#read(page)))
  }

  async #read(page: number): Promise<void> {
    this.#asked.add(page)
    try {
      const { rows } = await this.#api.rows({ id: this.id, from: page * PAGE, count: PAGE })
      this.#pages = new Map(this.#pages).set(page, rows)
    } catch {
      // The region of the table shows the summary's failure; a page is asked for again when it is scrolled to.
      this.#asked.delete(page)
    }
  }

  /** The dialog that is open. */
  get question(): Question | null {
    return this.#question
  }

  ask(question: Question | null): void {
    this.#question = question
  }

  async setSplit(split: SplitSettings): Promise<void> {
    this.report.set(await this.#api.setSplit({ id: this.id, split }))
    await this.summary.load()
  }

  async setRoles(next: Partial<Roles>): Promise<void> {
    const { roles } = this
    if (!roles) return
    const chosen = { ...roles, ...next }
    this.#chosen = chosen
    try {
      const report = await this.#api.setRoles({ id: this.id, roles: chosen })
      // A newer choice is being looked through already.
      if (this.#chosen === chosen) this.report.set(report)
    } finally {
      if (this.#chosen === chosen) this.#chosen = null
    }
  }
}
