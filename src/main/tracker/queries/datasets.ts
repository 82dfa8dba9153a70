import type { DatasetColumnTable, DatasetQuestionTable, DatasetTable } from '../tables.ts'
import { sql, type ReadableDb, type WritableDb } from '../tracker.ts'

export type DatasetRow = Readonly<DatasetTable>
export type DatasetColumnRow = Readonly<DatasetColumnTable>
export type DatasetQuestionRow = Readonly<DatasetQuestionTable>

/** Data sets outside the bin, the newest first. */
export function listDatasets(db: ReadableDb): readonly DatasetRow[] {
  return db.all(
    sql.selectFrom('datasets').selectAll().where('discarded_at', 'is', null).orderBy('added_at', 'desc').orderBy('id')
  )
}

/** A data set outside the bin. */
export function findDataset(db: ReadableDb, id: string): DatasetRow | null {
  return db.first(sql.selectFrom('datasets').selectAll().where('id', '=', id).where('discarded_at', 'is', null))
}

/** A data set wherever it is. */
export function findAnyDataset(db: ReadableDb, id: string): DatasetRow | null {
  return db.first(sql.selectFrom('datasets').selectAll().where('id', '=', id))
}

export function datasetsOfProject(db: ReadableDb, project: string): readonly DatasetRow[] {
  return db.all(sql.selectFrom('datasets').selectAll().where('project_id', '=', project).orderBy('added_at'))
}

export function changeDataset(db: WritableDb, id: string, change: Pick<DatasetRow, 'discarded_at' | 'discarded_with'>): void {
  db.run(sql.updateTable('datasets').set(change).where('id', '=', id))
}

export function columnsOfDataset(db: ReadableDb, id: string): readonly DatasetColumnRow[] {
  return db.all(sql.selectFrom('dataset_columns').selectAll().where('dataset_id', '=', id).orderBy('position'))
}

/** Questions that are asked of every text, in order. */
export function questionsOfDataset(db: ReadableDb, id: string): readonly DatasetQuestionRow[] {
  return db.all(sql.selectFrom('dataset_questions').selectAll().where('dataset_id', '=', id).orderBy('position'))
}

/** Puts these questions in the place of those that a data set had. */
export function saveQuestions(db: WritableDb, id: string, questions: readonly DatasetQuestionRow[]): void {
  db.transaction(() => {
    db.run(sql.deleteFrom('dataset_questions').where('dataset_id', '=', id))
    for (const question of questions) db.run(sql.insertInto('dataset_questions').values(question))
  })
}

/** Adds a data set with its columns, in the place of one with the same id. */
export function saveDataset(db: WritableDb, row: DatasetRow, columns: readonly DatasetColumnRow[]): void {
  db.transaction(() => {
    removeDataset(db, row.id)
    db.run(sql.insertInto('datasets').values(row))
    for (const column of columns) db.run(sql.insertInto('dataset_columns').values(column))
  })
}

export type RoleColumns = Pick<
  DatasetRow,
  'task' | 'text_column' | 'pair_column' | 'answer_column' | 'group_column' | 'belonging'
>

export function saveRoles(db: WritableDb, id: string, roles: RoleColumns): void {
  db.run(sql.updateTable('datasets').set(roles).where('id', '=', id))
}

export function removeDataset(db: WritableDb, id: string): void {
  db.run(sql.deleteFrom('datasets').where('id', '=', id))
}
