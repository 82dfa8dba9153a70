import type { VerdictTable } from '../tables.ts'
import { sql, type ReadableDb, type WritableDb } from '../tracker.ts'

export type VerdictRow = Readonly<VerdictTable>

/** Verdicts on a run's rows, by line. */
export function verdictsOfRun(db: ReadableDb, run: string): readonly VerdictRow[] {
  return db.all(sql.selectFrom('verdicts').selectAll().where('run_id', '=', run).orderBy('line'))
}

/** Puts these in the place of all verdicts on a run. */
export function replaceVerdicts(db: WritableDb, run: string, rows: readonly VerdictRow[]): void {
  db.transaction(() => {
    db.run(sql.deleteFrom('verdicts').where('run_id', '=', run))
    for (const row of rows) db.run(sql.insertInto('verdicts').values({ ...row, run_id: run }))
  })
}

/** Corrections that went into these versions of the data. */
export function verdictsIn(db: ReadableDb, datasets: readonly string[]): readonly VerdictRow[] {
  if (datasets.length === 0) return []
  return db.all(sql.selectFrom('verdicts').selectAll().where('dataset_id', 'in', datasets))
}
