import { sql as raw } from 'kysely'
import type { ProjectTable } from '../tables.ts'
import { sql, type ReadableDb, type WritableDb } from '../tracker.ts'

export type ProjectRow = Readonly<ProjectTable>

/** A project with what belongs to it and is not in the bin. */
export interface CountedProject extends ProjectRow {
  readonly datasets: number
  readonly runs: number
  /** When something in it was last begun. */
  readonly changed_at: string
  readonly latest_run: string | null
  readonly latest_dataset: string | null
}

/** Projects outside the bin, those with the newest work first. */
export function listProjects(db: ReadableDb): readonly CountedProject[] {
  // Each count and each newest one is found in an index: with 1,000 runs this list must come at once.
  const query = raw<CountedProject>`
    WITH counted AS (
      SELECT p.id, p.name, p.sample, p.created_at, p.discarded_at, p.purpose,
        (SELECT count(*) FROM datasets d WHERE d.project_id = p.id AND d.discarded_at IS NULL) AS datasets,
        (SELECT count(*) FROM runs r WHERE r.project_id = p.id AND r.discarded_at IS NULL) AS runs,
        (SELECT r.id FROM runs r WHERE r.project_id = p.id AND r.discarded_at IS NULL ORDER BY r.created_at DESC LIMIT 1) AS latest_run,
        (SELECT max(r.created_at) FROM runs r WHERE r.project_id = p.id AND r.discarded_at IS NULL) AS run_at,
        (SELECT d.id FROM datasets d WHERE d.project_id = p.id AND d.discarded_at IS NULL ORDER BY d.added_at DESC LIMIT 1) AS latest_dataset,
        (SELECT max(d.added_at) FROM datasets d WHERE d.project_id = p.id AND d.discarded_at IS NULL) AS dataset_at
      FROM projects p WHERE p.discarded_at IS NULL
    )
    SELECT id, name, sample, created_at, discarded_at, purpose, datasets, runs, latest_run, latest_dataset,
      max(created_at, coalesce(run_at, ''), coalesce(dataset_at, '')) AS changed_at
    FROM counted ORDER BY changed_at DESC, id`
  return db.all({ compile: () => query.compile(sql) })
}

/** A project outside the bin. */
export function findProject(db: ReadableDb, id: string): ProjectRow | null {
  return db.first(sql.selectFrom('projects').selectAll().where('id', '=', id).where('discarded_at', 'is', null))
}

export function findAnyProject(db: ReadableDb, id: string): ProjectRow | null {
  return db.first(sql.selectFrom('projects').selectAll().where('id', '=', id))
}

/** What the project of a data set or of a run is for. */
export function purposeOf(db: ReadableDb, of: { readonly dataset: string } | { readonly run: string }): ProjectRow['purpose'] {
  const projects = sql.selectFrom('projects')
  const row =
    'run' in of
      ? db.first(projects.innerJoin('runs', 'runs.project_id', 'projects.id').select('purpose').where('runs.id', '=', of.run))
      : db.first(
          projects
            .innerJoin('datasets', 'datasets.project_id', 'projects.id')
            .select('purpose')
            .where('datasets.id', '=', of.dataset)
        )
  return row?.purpose ?? 'unsaid'
}

export function hasProjectNamed(db: ReadableDb, name: string): boolean {
  return db.first(sql.selectFrom('projects').select('id').where('name', '=', name).where('discarded_at', 'is', null)) !== null
}

export function addProject(db: WritableDb, row: ProjectRow): void {
  db.run(sql.insertInto('projects').values(row))
}

export function changeProject(db: WritableDb, id: string, change: Partial<Omit<ProjectRow, 'id' | 'created_at'>>): void {
  db.run(sql.updateTable('projects').set(change).where('id', '=', id))
}

export function removeProject(db: WritableDb, id: string): void {
  db.run(sql.deleteFrom('projects').where('id', '=', id))
}
