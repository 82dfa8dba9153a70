import type { AuditLine } from '../../../../preload/contract/record.ts'
import type { Api } from '../../lib/api.ts'

const PAGE = 200

/** The audit log, read page by page as it is scrolled. */
export class LogState {
  #total = $state<number | null>(null)
  #pages = $state.raw<ReadonlyMap<number, readonly AuditLine[]>>(new Map())
  readonly #asked = new Set<number>()
  readonly #api: Api['record']

  constructor(api: Api['record']) {
    this.#api = api
  }

  /** Null until the first page is here. */
  get total(): number | null {
    return this.#total
  }

  line(index: number): AuditLine | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE]
  }

  async show(from: number, to: number): Promise<void> {
    const last = Math.max(from, to - 1)
    for (let page = Math.floor(from / PAGE); page <= Math.floor(last / PAGE); page++) await this.#load(page)
  }

  async #load(page: number): Promise<void> {
    if (this.#asked.has(page)) return
    this.#asked.add(page)
    try {
      const { total, lines } = await this.#api.log({ from: page * PAGE, count: PAGE })
      this.#total = total
      this.#pages = new Map([...this.#pages, [page, lines]])
    } catch (error) {
      this.#asked.delete(page)
      throw error
    }
  }
}
