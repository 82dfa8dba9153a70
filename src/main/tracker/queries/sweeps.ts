import type { SweepTable } from '../tables.ts'
import { sql, type ReadableDb, type WritableDb } from '../tracker.ts'
import type { RunRow } from './runs.ts'

/** A sweep with the paths of the settings that its runs differ in. */
export type SweepRow = Readonly<SweepTable> & { readonly axes: readonly string[] }

export function findSweep(db: ReadableDb, id: string): SweepRow | null {
  const found = db.first(sql.selectFrom('sweeps').selectAll().where('id', '=', id))
  return found && { ...found, axes: axesOf(db, id) }
}

function axesOf(db: ReadableDb, id: string): readonly string[] {
  return db
    .all(sql.selectFrom('sweep_axes').select('path').where('sweep_id', '=', id).orderBy('position'))
    .map(({ path }) => path)
}

export function addSweep(db: WritableDb, { axes, ...sweep }: SweepRow): void {
  db.transaction(() => {
    db.run(sql.insertInto('sweeps').values(sweep))
    axes.forEach((path, position) => db.run(sql.insertInto('sweep_axes').values({ sweep_id: sweep.id, position, path })))
  })
}

export function removeSweep(db: WritableDb, id: string): void {
  db.run(sql.deleteFrom('sweeps').where('id', '=', id))
}

/** The runs of a sweep outside the bin, the first one first. */
export function runsOfSweep(db: ReadableDb, id: string): readonly RunRow[] {
  return db.all(
    sql
      .selectFrom('runs')
      .selectAll()
      .where('sweep_id', '=', id)
      .where('discarded_at', 'is', null)
      .orderBy('created_at')
      .orderBy('id')
  )
}
