import type { Database } from 'better-sqlite3'

/** What is known of a model's files: their hashes, where they lie, and the model's card. */
export default function library(database: Database): void {
  database.exec(`
    CREATE TABLE model_records (
      model_id TEXT NOT NULL PRIMARY KEY REFERENCES models (id) ON DELETE CASCADE,
      hash TEXT NOT NULL,
      place TEXT NOT NULL,
      card TEXT,
      tags TEXT NOT NULL,
      checked_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX model_records_by_hash ON model_records (hash);
    CREATE TABLE model_files (
      model_id TEXT NOT NULL REFERENCES models (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      sha256 TEXT NOT NULL,
      PRIMARY KEY (model_id, name)
    ) STRICT, WITHOUT ROWID;
  `)
}
