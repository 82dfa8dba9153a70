import type { DatasetReport } from '../../../preload/contract/data.ts'
import type { ReportInput } from './report.ts'

/** Reports that are kept: a few kilobytes each. */
const MOST_KEPT = 20

/** Reports on data sets, each made once for the same roles and the same division. */
export class Reports {
  readonly #made = new Map<string, Promise<DatasetReport>>()
  readonly #inspect: (input: ReportInput) => Promise<DatasetReport>

  constructor(inspect: (input: ReportInput) => Promise<DatasetReport>) {
    this.#inspect = inspect
  }

  get(input: ReportInput): Promise<DatasetReport> {
    const key = JSON.stringify([input.id, input.roles, input.division])
    const report = this.#made.get(key) ?? this.#inspect(input)
    // Put last again: what was asked for longest ago goes first.
    this.#made.delete(key)
    this.#made.set(key, report)
    for (const oldest of this.#made.keys()) if (this.#made.size > MOST_KEPT) this.#made.delete(oldest)
    // What failed may go better another time.
    report.catch(() => this.#made.delete(key))
    return report
  }
}
