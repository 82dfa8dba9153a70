import type { AuditEvent, AuditLine } from '../../preload/contract/record.ts'
import { addAuditRow, auditCount, auditRows } from '../tracker/queries/record.ts'
import type { WritableDb } from '../tracker/tracker.ts'

/** Writes down that something was done. `subject` is an id, `amount` a count: nothing of the person's own words or names goes in. */
export type RecordEvent = (event: AuditEvent, subject?: string | null, amount?: number | null) => void

const PAGE = 1000

/** What was done in this data folder. It is only ever added to; the tracker refuses to change or delete a line. */
export class Journal {
  readonly #db: WritableDb
  readonly #now: () => string

  constructor(db: WritableDb, now: () => string) {
    this.#db = db
    this.#now = now
  }

  readonly record: RecordEvent = (event, subject = null, amount = null) => {
    addAuditRow(this.#db, { at: this.#now(), event, subject_id: subject, amount })
  }

  page({ from, count }: { readonly from: number; readonly count: number }): {
    readonly total: number
    readonly lines: readonly AuditLine[]
  } {
    return { total: auditCount(this.#db), lines: this.#lines(from, count) }
  }

  /** All of it as CSV, the oldest line first. Ids and counts hold nothing that a spreadsheet would run. */
  csv(): string {
    const lines: AuditLine[] = []
    for (let from = 0, page = this.#lines(0, PAGE); page.length > 0; page = this.#lines(from, PAGE)) {
      lines.push(...page)
      from += page.length
    }
    const rows = lines.reverse().map(({ at, event, subject, amount }) => [at, event, subject ?? '', amount ?? ''].join(','))
    return `${['at,event,subject,amount', ...rows].join('\r\n')}\r\n`
  }

  #lines(from: number, count: number): readonly AuditLine[] {
    return auditRows(this.#db, from, count).map(({ at, event, subject_id, amount }) => ({
      at,
      event: event as AuditEvent, // Written by `record`.
      subject: subject_id,
      amount
    }))
  }
}
