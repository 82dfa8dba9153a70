import { sql, type ReadableDb, type WritableDb } from '../tracker.ts'

/** The draft for a data set as it was kept, JSON; null where none is. */
export const findDraft = (db: ReadableDb, dataset: string): string | null =>
  db.first(sql.selectFrom('drafts').select('content').where('dataset_id', '=', dataset))?.content ?? null

/** Puts a draft in the place of the one before. */
export function putDraft(db: WritableDb, dataset: string, content: string): void {
  db.run(
    sql
      .insertInto('drafts')
      .values({ dataset_id: dataset, content })
      .onConflict((conflict) => conflict.column('dataset_id').doUpdateSet({ content }))
  )
}
