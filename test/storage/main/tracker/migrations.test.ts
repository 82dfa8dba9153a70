import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import first from '../../../../src/main/tracker/migrations/0001-first.ts'
import record from '../../../../src/main/tracker/migrations/0002-record.ts'

const dataset = (id: string, name: string, sample: string | null, at: string): (string | number | null)[] => [
  id,
  name,
  sample,
  'table.csv',
  3,
  'UTF-8',
  ',',
  'text-classification',
  'letter',
  null,
  'urgency',
  null,
  'no',
  at
]

function olderFile(): Database.Database {
  const database = new Database(':memory:')
  first(database)
  const insert = database.prepare(`INSERT INTO datasets VALUES (${Array(14).fill('?').join(', ')})`)
  insert.run(...dataset('d-aa', 'letters.csv', null, '2026-01-01'))
  insert.run(...dataset('d-bb', 'clinical-letters.csv', 'letters', '2026-01-02'))
  const run = database.prepare(`INSERT INTO runs (id, name, state, task, dataset_id, dataset_name, model_id, model_name, method,
    config_file, created_at, step, total_steps) VALUES (?, ?, 'finished', 'text-classification', ?, ?, 'm-1', 'tiny', 'lora', '/c', ?, 1, 1)`)
  run.run('r-1', 'one', 'd-aa', 'letters.csv', '2026-02-01')
  run.run('r-2', 'two', 'd-bb', 'clinical-letters.csv', '2026-02-02')
  run.run('r-3', 'three', 'd-gone', 'old.xlsx', '2026-02-03')
  database.prepare("INSERT INTO run_metrics VALUES ('r-1', 1, 0.5, 0.1, 7, 8)").run()
  return database
}

describe('the migration to version 2', () => {
  test('puts data into projects named after their files, and runs into those of their data', () => {
    const database = olderFile()
    record(database)
    expect(database.prepare('SELECT id, name, sample FROM projects ORDER BY id').all()).toEqual([
      { id: 'p-aa', name: 'letters', sample: null },
      { id: 'p-gone', name: 'old', sample: null },
      { id: 'p-practice-letters', name: 'clinical-letters', sample: 'letters' }
    ])
    expect(database.prepare('SELECT id, project_id FROM runs ORDER BY id').all()).toEqual([
      { id: 'r-1', project_id: 'p-aa' },
      { id: 'r-2', project_id: 'p-practice-letters' },
      { id: 'r-3', project_id: 'p-gone' }
    ])
    expect(database.prepare('SELECT project_id FROM datasets ORDER BY id').all()).toEqual([
      { project_id: 'p-aa' },
      { project_id: 'p-practice-letters' }
    ])
    expect(database.prepare('SELECT count(*) AS n FROM run_metrics').get()).toEqual({ n: 1 })
    expect(database.prepare('SELECT discarded_at FROM runs').all()).toEqual(Array(3).fill({ discarded_at: null }))
  })

  test('keeps the audit log from being changed or deleted', () => {
    const database = olderFile()
    record(database)
    database.prepare("INSERT INTO audit_log (at, event) VALUES ('now', 'moved')").run()
    expect(() => database.prepare("UPDATE audit_log SET event = 'x'").run()).toThrow('only added to')
    expect(() => database.prepare('DELETE FROM audit_log').run()).toThrow('only added to')
    expect(() => database.prepare("REPLACE INTO audit_log (id, at, event) VALUES (1, 'later', 'x')").run()).toThrow(
      'only added to'
    )
    expect(database.prepare('SELECT event FROM audit_log').all()).toEqual([{ event: 'moved' }])
  })
})
