import type { DatasetId } from '../../../../../preload/contract/common.ts'
import type { MarkFilter, MarkRow } from '../../../../../preload/contract/marking.ts'
import type { Api } from '../../../lib/api.ts'

const PAGE = 50

/** The rows to go through, read as they are scrolled to, and which of them is looked at. */
export class MarkList {
  filter = $state<MarkFilter>('open')
  at = $state(0)
  #lines = $state.raw<readonly number[]>([])
  #total = $state(0)
  #isReady = $state(false)
  #isAsking = $state(false)
  #rows = $state.raw<ReadonlyMap<number, MarkRow>>(new Map())
  readonly #asked = new Set<number>()
  readonly #api: Api['marking']
  readonly #id: DatasetId
  readonly #by: () => string

  constructor(api: Api['marking'], id: DatasetId, by: () => string) {
    this.#api = api
    this.#id = id
    this.#by = by
  }

  get lines(): readonly number[] {
    return this.#lines
  }

  get total(): number {
    return this.#total
  }

  get isReady(): boolean {
    return this.#isReady
  }

  /** Whether an order is being worked out. */
  get isAsking(): boolean {
    return this.#isAsking
  }

  get line(): number | undefined {
    return this.#lines[this.at]
  }

  row(index: number): MarkRow | undefined {
    const line = this.#lines[index]
    return line === undefined ? undefined : this.#rows.get(line)
  }

  /** Makes the list anew by a filter. */
  async show(filter: MarkFilter): Promise<void> {
    this.filter = filter
    this.#isAsking = filter === 'unsure' || filter === 'diverse'
    try {
      const { lines, total } = await this.#api.queue({ id: this.#id, by: this.#by(), filter })
      this.#lines = lines
      this.#total = total
      this.#isReady = true
      this.at = 0
      this.forget()
    } finally {
      this.#isAsking = false
    }
  }

  /** Rows are read anew where they are looked at. */
  forget(): void {
    this.#asked.clear()
    this.#rows = new Map()
  }

  place(index: number): void {
    this.at = Math.max(0, Math.min(this.#lines.length - 1, index))
  }

  placeOf(line: number): number {
    return this.#lines.indexOf(line)
  }

  /** Reads the rows of the list from `from` to `to`, each page once. */
  async range(from: number, to: number): Promise<void> {
    for (let page = Math.floor(from / PAGE); page * PAGE < Math.min(to, this.#lines.length); page++) {
      if (this.#asked.has(page)) continue
      this.#asked.add(page)
      await this.#read(this.#lines.slice(page * PAGE, (page + 1) * PAGE))
    }
  }

  /** Reads a row anew after it was changed. */
  async refresh(line: number): Promise<void> {
    await this.#read([line])
  }

  async #read(lines: readonly number[]): Promise<void> {
    const rows = await this.#api.rows({ id: this.#id, by: this.#by(), lines })
    this.#rows = new Map([...this.#rows, ...rows.map((row) => [row.line, row] as const)])
  }
}
