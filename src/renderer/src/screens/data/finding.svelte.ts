import type { DatasetId } from '../../../../preload/contract/common.ts'
import type { Api } from '../../lib/api.ts'

const PAGE = 200

interface Shown {
  readonly cells: readonly string[]
  readonly remark: string | null
  readonly line: number
}

/** The rows of one finding, as they are scrolled to. */
export class FindingState {
  #pages = $state.raw<ReadonlyMap<number, readonly Shown[]>>(new Map())
  #total = $state<number>()
  #hasRemarks = $state(false)
  readonly #asked = new Set<number>()
  readonly #api: Api['data']
  readonly #id: DatasetId
  readonly #code: string

  constructor(api: Api['data'], id: DatasetId, code: string) {
    this.#api = api
    this.#id = id
    this.#code = code
  }

  /** Undefined until the first rows are there. */
  get total(): number | undefined {
    return this.#total
  }

  row(index: number): readonly string[] | undefined {
    return this.#at(index)?.cells
  }

  numberOf(index: number): number | undefined {
    return this.#at(index)?.line
  }

  /** Whether something is said of each row. */
  get hasRemarks(): boolean {
    return this.#hasRemarks
  }

  remarkOf(index: number): string {
    return this.#at(index)?.remark ?? ''
  }

  /** Reads the pages under rows `from` to `to`, each once. */
  async show(from: number, to: number): Promise<void> {
    const pages = []
    for (let page = Math.floor(from / PAGE); page * PAGE < Math.max(1, to); page++) if (!this.#asked.has(page)) pages.push(page)
    await Promise.all(pages.map((page) => this.#read(page)))
  }

  #at(index: number): Shown | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE]
  }

  async #read(page: number): Promise<void> {
    this.#asked.add(page)
    try {
      const { rows, lines, total, remarks } = await this.#api.findingRows({
        id: this.#id,
        code: this.#code,
        from: page * PAGE,
        count: PAGE
      })
      this.#total = total
      this.#hasRemarks = remarks !== null
      this.#pages = new Map(this.#pages).set(
        page,
        rows.map((cells, i) => ({ cells, line: lines[i] ?? 0, remark: remarks?.[i] ?? null }))
      )
    } catch {
      // The page is asked for again when it is scrolled to; the finding itself stays readable.
      this.#asked.delete(page)
    }
  }
}
