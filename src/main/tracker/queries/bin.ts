import { sql, type ReadableDb } from '../tracker.ts'

/** Something that was discarded. */
export interface BinRow {
  readonly id: string
  readonly kind: 'project' | 'dataset' | 'run'
  readonly name: string
  readonly project_id: string
  readonly discarded_at: string
  readonly discarded_with: string | null
}

/** All that is in the bin, the newest first. */
export function binRows(db: ReadableDb): readonly BinRow[] {
  const common = ['discarded_at', 'discarded_with'] as const
  const runs = db.all(
    sql
      .selectFrom('runs')
      .select(['id', 'name', 'project_id', ...common])
      .where('discarded_at', 'is not', null)
  )
  const datasets = db.all(
    sql
      .selectFrom('datasets')
      .select(['id', 'name', 'project_id', ...common])
      .where('discarded_at', 'is not', null)
  )
  const projects = db.all(sql.selectFrom('projects').select(['id', 'name', 'discarded_at']).where('discarded_at', 'is not', null))
  const rows = [
    ...projects.map((row) => ({ ...row, kind: 'project' as const, project_id: row.id, discarded_with: null })),
    ...datasets.map((row) => ({ ...row, kind: 'dataset' as const })),
    ...runs.map((row) => ({ ...row, kind: 'run' as const }))
  ]
  return rows
    .map((row) => ({ ...row, discarded_at: row.discarded_at ?? '' }))
    .sort((a, b) => (a.discarded_at < b.discarded_at ? 1 : a.discarded_at > b.discarded_at ? -1 : 0))
}
