import type { Database } from 'better-sqlite3'

/** What people said of a run's answers to the test rows, and which version of the data took up their corrections. */
export default function verdicts(database: Database): void {
  database.exec(`
    CREATE TABLE verdicts (
      run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      line INTEGER NOT NULL,
      kind TEXT NOT NULL,
      right_answer TEXT,
      note TEXT NOT NULL,
      given_at TEXT NOT NULL,
      dataset_id TEXT,
      PRIMARY KEY (run_id, line)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX verdicts_in ON verdicts (dataset_id) WHERE dataset_id IS NOT NULL;
  `)
}
