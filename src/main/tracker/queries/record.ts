import type { ArtifactTable, AuditTable } from '../tables.ts'
import { sql, type ReadableDb, type WritableDb } from '../tracker.ts'

export type ArtifactRow = Readonly<ArtifactTable>
export type AuditRow = Readonly<Omit<AuditTable, 'id'>>

/** The tags of all runs, or of one, each run's in their alphabet. */
export function tagsOfRuns(db: ReadableDb, run?: string): ReadonlyMap<string, readonly string[]> {
  const all = sql.selectFrom('tags').select(['run_id', 'name']).orderBy('run_id').orderBy('name')
  const tags = new Map<string, string[]>()
  for (const { run_id, name } of db.all(run === undefined ? all : all.where('run_id', '=', run))) {
    const known = tags.get(run_id)
    if (known) known.push(name)
    else tags.set(run_id, [name])
  }
  return tags
}

/** Gives a run exactly these tags. */
export function setTags(db: WritableDb, run_id: string, names: readonly string[]): void {
  db.transaction(() => {
    db.run(sql.deleteFrom('tags').where('run_id', '=', run_id))
    for (const name of names) db.run(sql.insertInto('tags').values({ run_id, name }))
  })
}

/** All notes, or that of one subject. */
export function notesOf(db: ReadableDb, subject?: string): ReadonlyMap<string, string> {
  const all = sql.selectFrom('notes').select(['subject_id', 'text'])
  const rows = db.all(subject === undefined ? all : all.where('subject_id', '=', subject))
  return new Map(rows.map(({ subject_id, text }) => [subject_id, text]))
}

/** Writes a note; an empty one is taken away. */
export function setNote(db: WritableDb, subject_id: string, text: string): void {
  if (text === '') db.run(sql.deleteFrom('notes').where('subject_id', '=', subject_id))
  else db.run(sql.replaceInto('notes').values({ subject_id, text }))
}

export function artifactsOfRun(db: ReadableDb, run: string): readonly ArtifactRow[] {
  return db.all(sql.selectFrom('artifacts').selectAll().where('run_id', '=', run).orderBy('kind').orderBy('name'))
}

/** Lists what a run has made, in the place of what was listed before. */
export function setArtifacts(db: WritableDb, run: string, rows: readonly ArtifactRow[]): void {
  db.transaction(() => {
    db.run(sql.deleteFrom('artifacts').where('run_id', '=', run))
    for (const row of rows) db.run(sql.insertInto('artifacts').values(row))
  })
}

export function addAuditRow(db: WritableDb, row: AuditRow): void {
  db.run(sql.insertInto('audit_log').values(row))
}

/** What was done, the newest first, from row `from` on. */
export function auditRows(db: ReadableDb, from: number, count: number): readonly AuditRow[] {
  const page = sql.selectFrom('audit_log').select(['at', 'event', 'subject_id', 'amount'])
  return db.all(page.orderBy('id', 'desc').limit(count).offset(from))
}

export function auditCount(db: ReadableDb): number {
  return Number(db.first(sql.selectFrom('audit_log').select(({ fn }) => fn.countAll().as('n')))?.n ?? 0)
}

export function settingOf(db: ReadableDb, name: string): string | null {
  return db.first(sql.selectFrom('settings').select('value').where('name', '=', name))?.value ?? null
}

export function saveSetting(db: WritableDb, name: string, value: string | null): void {
  if (value === null) db.run(sql.deleteFrom('settings').where('name', '=', name))
  else db.run(sql.replaceInto('settings').values({ name, value }))
}
