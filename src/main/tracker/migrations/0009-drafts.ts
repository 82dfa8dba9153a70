import type { Database } from 'better-sqlite3'

/** What was chosen for a run that has not been started. It can name a class, so that it lies where encryption covers it. */
export default function drafts(database: Database): void {
  database.exec(`
    CREATE TABLE drafts (
      dataset_id TEXT NOT NULL PRIMARY KEY REFERENCES datasets (id) ON DELETE CASCADE,
      content TEXT NOT NULL CHECK (json_valid(content))
    ) STRICT, WITHOUT ROWID;
  `)
}
