import type { ExportTable } from '../tables.ts'
import { sql, type ReadableDb, type WritableDb } from '../tracker.ts'

export type ExportRow = Readonly<ExportTable>

export function addExport(db: WritableDb, row: ExportRow): void {
  db.run(sql.insertInto('exports').values(row))
}

export const findExport = (db: ReadableDb, id: string): ExportRow | null =>
  db.first(sql.selectFrom('exports').selectAll().where('id', '=', id))

/** The newest first. */
export const exportsOfRun = (db: ReadableDb, run: string): readonly ExportRow[] =>
  db.all(sql.selectFrom('exports').selectAll().where('run_id', '=', run).orderBy('made_at', 'desc').orderBy('id'))

/** Of every run that is not in the bin, the newest first. */
export const allExports = (db: ReadableDb): readonly ExportRow[] =>
  db.all(
    sql
      .selectFrom('exports')
      .innerJoin('runs', 'runs.id', 'exports.run_id')
      .selectAll('exports')
      .where('runs.discarded_at', 'is', null)
      .orderBy('exports.made_at', 'desc')
      .orderBy('exports.id')
  )

/** The newest of all; null where nothing was exported yet. */
export const lastExport = (db: ReadableDb): ExportRow | null =>
  db.first(sql.selectFrom('exports').selectAll().orderBy('made_at', 'desc').orderBy('id').limit(1))

export function removeExport(db: WritableDb, id: string): void {
  db.run(sql.deleteFrom('exports').where('id', '=', id))
}
