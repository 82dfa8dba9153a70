import type { ModelTable } from '../tables.ts'
import { sql, type ReadableDb, type WritableDb } from '../tracker.ts'

export type ModelRow = Readonly<ModelTable>

/** Models, the bundled one first, then by name. */
export function listModels(db: ReadableDb): readonly ModelRow[] {
  return db.all(sql.selectFrom('models').selectAll().orderBy('is_bundled', 'desc').orderBy('name').orderBy('id'))
}

export function findModel(db: ReadableDb, id: string): ModelRow | null {
  return db.first(sql.selectFrom('models').selectAll().where('id', '=', id))
}

/** Adds a model, in the place of one with the same id or folder. */
export function saveModel(db: WritableDb, row: ModelRow): void {
  db.transaction(() => {
    db.run(sql.deleteFrom('models').where((where) => where.or([where('id', '=', row.id), where('folder', '=', row.folder)])))
    db.run(sql.insertInto('models').values(row))
  })
}

export function removeModel(db: WritableDb, id: string): void {
  db.run(sql.deleteFrom('models').where('id', '=', id))
}
