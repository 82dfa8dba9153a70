import type { RunTable } from '../tables.ts'
import { sql, type ReadableDb, type WritableDb } from '../tracker.ts'

export type RunRow = Readonly<RunTable>

/** What may change in a run. */
export type RunChange = Partial<Omit<RunRow, 'id' | 'created_at'>>

/** Runs outside the bin, the newest first. */
export function listRuns(db: ReadableDb): readonly RunRow[] {
  return db.all(sql.selectFrom('runs').selectAll().where('discarded_at', 'is', null).orderBy('created_at', 'desc').orderBy('id'))
}

/** A run outside the bin. */
export function findRun(db: ReadableDb, id: string): RunRow | null {
  return db.first(sql.selectFrom('runs').selectAll().where('id', '=', id).where('discarded_at', 'is', null))
}

/** A run wherever it is. */
export function findAnyRun(db: ReadableDb, id: string): RunRow | null {
  return db.first(sql.selectFrom('runs').selectAll().where('id', '=', id))
}

export function runsOfProject(db: ReadableDb, project: string): readonly RunRow[] {
  return db.all(sql.selectFrom('runs').selectAll().where('project_id', '=', project).orderBy('created_at'))
}

/** Runs that wait, in their order. */
export function waitingRuns(db: ReadableDb): readonly RunRow[] {
  return db.all(sql.selectFrom('runs').selectAll().where('queue_order', 'is not', null).orderBy('queue_order'))
}

/** Runs that go on by themselves once the PC is plugged in again, the oldest first. */
export function heldRuns(db: ReadableDb): readonly RunRow[] {
  return db.all(
    sql
      .selectFrom('runs')
      .selectAll()
      .where('state', '=', 'paused')
      .where('interruption', '=', 'battery')
      .where('discarded_at', 'is', null)
      .orderBy('created_at')
  )
}

export function addRun(db: WritableDb, row: RunRow): void {
  db.run(sql.insertInto('runs').values(row))
}

export function changeRun(db: WritableDb, id: string, change: RunChange): void {
  if (Object.keys(change).length > 0) db.run(sql.updateTable('runs').set(change).where('id', '=', id))
}

/** Puts a run at the end of the queue. */
export function enqueueRun(db: WritableDb, id: string): void {
  const last = db.first(sql.selectFrom('runs').select(({ fn }) => fn.max('queue_order').as('order')))
  changeRun(db, id, { state: 'queued', interruption: null, queue_order: (last?.order ?? 0) + 1 })
}

export function removeRun(db: WritableDb, id: string): void {
  db.run(sql.deleteFrom('runs').where('id', '=', id))
}

/** Puts a run at another place among those that wait, counted from 0. */
export function moveInQueue(db: WritableDb, id: string, place: number): void {
  const order = waitingRuns(db).map((row) => row.id)
  const from = order.indexOf(id)
  if (from === -1) return
  order.splice(from, 1)
  order.splice(place, 0, id)
  db.transaction(() => order.forEach((each, at) => changeRun(db, each, { queue_order: at + 1 })))
}

/** Runs that were under way when the program ended stand at their last checkpoint. Returns their ids. */
export function markInterrupted(db: WritableDb, interruption: RunRow['interruption']): readonly string[] {
  const states = ['preparing', 'running', 'testing'] as const
  const found = db.all(sql.selectFrom('runs').select('id').where('state', 'in', states))
  db.run(sql.updateTable('runs').set({ state: 'stopped', interruption, queue_order: null }).where('state', 'in', states))
  return found.map(({ id }) => id)
}

export interface LogRow {
  readonly at: string
  readonly text: string
}

export function logOfRun(db: ReadableDb, id: string): readonly LogRow[] {
  return db.all(sql.selectFrom('run_log').select(['at', 'text']).where('run_id', '=', id).orderBy('id'))
}

export function addLogLine(db: WritableDb, run_id: string, { at, text }: LogRow): void {
  db.run(sql.insertInto('run_log').values({ run_id, at, text }))
}
