import type { DatasetReport } from '../../../preload/contract/data.ts'
import type { ReportInput } from './report.ts'

/** Reports that are kept: a few kilobytes each. */
const MOST_KEPT = 20

/** Looks through data; gives up when `signal` says that nobody wants the report any more. */
export type Inspect = (input: ReportInput, signal: AbortSignal) => Promise<DatasetReport>

/** Reports on data sets, each made once for the same roles and the same division. A report in the making that another took the place of is given up. */
export class Reports {
  readonly #made = new Map<string, Promise<DatasetReport>>()
  /** What is being made, by data set. */
  readonly #making = new Map<string, { readonly key: string; readonly control: AbortController }>()
  readonly #inspect: Inspect

  constructor(inspect: Inspect) {
    this.#inspect = inspect
  }

  get(input: ReportInput): Promise<DatasetReport> {
    const key = JSON.stringify([input.id, input.roles, input.division])
    const report = this.#made.get(key) ?? this.#make(key, input)
    // Put last again: what was asked for longest ago goes first.
    this.#made.delete(key)
    this.#made.set(key, report)
    for (const oldest of this.#made.keys()) if (this.#made.size > MOST_KEPT) this.#made.delete(oldest)
    // What failed may go better another time.
    report.catch(() => this.#made.delete(key))
    return report
  }

  #make(key: string, input: ReportInput): Promise<DatasetReport> {
    this.#making.get(input.id)?.control.abort()
    const control = new AbortController()
    this.#making.set(input.id, { key, control })
    return this.#inspect(input, control.signal).finally(() => {
      if (this.#making.get(input.id)?.key === key) this.#making.delete(input.id)
    })
  }
}
