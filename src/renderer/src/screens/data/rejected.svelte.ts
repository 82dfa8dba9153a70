import type { DatasetId } from '../../../../preload/contract/common.ts'
import type { RejectedItem } from '../../../../preload/contract/intake.ts'
import type { Api } from '../../lib/api.ts'
import { Resource } from '../../lib/resource.svelte.ts'

const PAGE = 200

/** What was left out of a table, as it is scrolled to. */
export class RejectedState {
  readonly id: DatasetId
  readonly total: Resource<number>
  readonly #api: Api['intake']
  #pages = $state.raw<ReadonlyMap<number, readonly RejectedItem[]>>(new Map())
  readonly #asked = new Set<number>()

  constructor(api: Api['intake'], id: DatasetId) {
    this.id = id
    this.#api = api
    this.total = new Resource(async () => (await this.#read(0)).total)
  }

  at(index: number): RejectedItem | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE]
  }

  /** Reads the pages under entries `from` to `to`, each once. */
  async show(from: number, to: number): Promise<void> {
    for (let page = Math.floor(from / PAGE); page * PAGE < to; page++) if (!this.#asked.has(page)) await this.#read(page)
  }

  async #read(page: number): Promise<{ readonly total: number }> {
    this.#asked.add(page)
    try {
      const read = await this.#api.rejected({ id: this.id, from: page * PAGE, count: PAGE })
      this.#pages = new Map(this.#pages).set(page, read.items)
      return read
    } catch (error) {
      // It is asked for again when it is scrolled to.
      this.#asked.delete(page)
      throw error
    }
  }
}
