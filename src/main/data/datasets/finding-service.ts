import type { DatasetId } from '../../../preload/contract/common.ts'
import type { DatasetSummary, Finding, FindingPage, FixId } from '../../../preload/contract/data.ts'
import { InputError } from '../../base/errors.ts'
import type { Datasets } from './datasets.ts'
import { findRows, type FindingInput, type FindingRows } from './finding-rows.ts'

/** What a closer look found; null for any other finding. */
export type CloserRows = (
  id: DatasetId,
  code: string
) => Promise<(FindingRows & { readonly remarks: readonly string[] | null }) | null>

/** The rows of findings, and the fixes that make a new version. */
export class DatasetFindings {
  readonly #datasets: Datasets
  readonly #search: (input: FindingInput, rows: number) => Promise<FindingRows>
  readonly #closer: CloserRows
  #last: { readonly key: string; readonly found: Promise<FindingRows> } | undefined

  /** `search`: how rows are looked for; in this process where left out. `closer`: the rows that a closer look found. */
  constructor(
    datasets: Datasets,
    search: (input: FindingInput, rows: number) => Promise<FindingRows> = findRows,
    closer: CloserRows = () => Promise.resolve(null)
  ) {
    this.#datasets = datasets
    this.#search = search
    this.#closer = closer
  }

  async rows(request: {
    readonly id: DatasetId
    readonly code: Finding['code']
    readonly from: number
    readonly count: number
  }): Promise<FindingPage> {
    const { id, code, from, count } = request
    const closer = await this.#closer(id, code)
    const { lines } = closer ?? (await this.#find(id, code))
    const page = lines.slice(from, from + count)
    const remarks = closer?.remarks?.slice(from, from + count) ?? null
    return { ...(await this.#datasets.rowsAt(id, page)), from, total: lines.length, remarks }
  }

  /** Puts right what a finding is about, in a new version. Throws an InputError where it has no such fix. */
  async fix({ id, code, fix }: { readonly id: DatasetId; readonly code: string; readonly fix: FixId }): Promise<DatasetSummary> {
    const edits = ((await this.#closer(id, code)) ?? (await this.#find(id, code))).fixes[fix]
    if (edits) return this.#datasets.revise({ id, edits, note: null })
    throw new InputError('finding-without-fix', 'There is nothing to put right here. Look at the rows one by one.')
  }

  /** Read once for the pages of one finding. */
  #find(id: DatasetId, code: string): Promise<FindingRows> {
    const { roles, columns, rows } = this.#datasets.get(id)
    const key = JSON.stringify([id, code, roles])
    if (this.#last?.key === key) return this.#last.found
    const input = { code, rowsPath: this.#datasets.rowsPathOf(id), columns: columns.map(({ name }) => name), roles }
    const found = this.#search(input, rows)
    this.#last = { key, found }
    // What failed may go better another time.
    found.catch(() => {
      if (this.#last?.found === found) this.#last = undefined
    })
    return found
  }
}
