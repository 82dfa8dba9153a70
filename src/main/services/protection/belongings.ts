import { basename } from 'node:path'
import type { Belonging } from '../../base/sealed/key-ring.ts'
import { sql, type ReadableDb } from '../../tracker/tracker.ts'

/** Everything in the record that belongs to a project, in the bin or not: projects themselves, data sets, and runs with their folders. */
export function belongingsIn(db: ReadableDb): readonly Belonging[] {
  const projects = db.all(sql.selectFrom('projects').select('id'))
  const datasets = db.all(sql.selectFrom('datasets').select(['id', 'project_id']))
  const runs = db.all(sql.selectFrom('runs').select(['id', 'project_id', 'folder']))
  return [
    ...projects.map(({ id }) => ({ id, project: id })),
    ...datasets.map(({ id, project_id }) => ({ id, project: project_id })),
    ...runs.map(({ id, project_id }) => ({ id, project: project_id })),
    ...runs.flatMap(({ folder, project_id }) => (folder === null ? [] : [{ id: basename(folder), project: project_id }]))
  ]
}
