import type { DatasetVersionTable } from '../tables.ts'
import { sql, type ReadableDb, type WritableDb } from '../tracker.ts'

export type DatasetVersionRow = Readonly<DatasetVersionTable>

export function findVersion(db: ReadableDb, id: string): DatasetVersionRow | null {
  return db.first(sql.selectFrom('dataset_versions').selectAll().where('dataset_id', '=', id))
}

/** Adds the row of a data set that is listed, or puts it in the place of the one that it has. */
export function saveVersion(db: WritableDb, row: DatasetVersionRow): void {
  db.run(sql.replaceInto('dataset_versions').values(row))
}
