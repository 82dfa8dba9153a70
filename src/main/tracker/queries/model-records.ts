import type { ModelFileTable, ModelRecordTable } from '../tables.ts'
import { sql, type ReadableDb, type WritableDb } from '../tracker.ts'

export type ModelRecordRow = Readonly<ModelRecordTable>
export type ModelFileRow = Readonly<ModelFileTable>

export function findModelRecord(db: ReadableDb, id: string): ModelRecordRow | null {
  return db.first(sql.selectFrom('model_records').selectAll().where('model_id', '=', id))
}

/** The model whose files have this hash. */
export function modelByHash(db: ReadableDb, hash: string): string | null {
  return db.first(sql.selectFrom('model_records').select('model_id').where('hash', '=', hash))?.model_id ?? null
}

/** A model's files by name. */
export function filesOfModel(db: ReadableDb, id: string): readonly ModelFileRow[] {
  return db.all(sql.selectFrom('model_files').selectAll().where('model_id', '=', id).orderBy('name'))
}

/** Keeps what is known of a model's files, in the place of what was. */
export function saveModelRecord(db: WritableDb, record: ModelRecordRow, files: readonly ModelFileRow[]): void {
  db.transaction(() => {
    db.run(sql.deleteFrom('model_records').where('model_id', '=', record.model_id))
    db.run(sql.deleteFrom('model_files').where('model_id', '=', record.model_id))
    db.run(sql.insertInto('model_records').values(record))
    for (const file of files) db.run(sql.insertInto('model_files').values(file))
  })
}
