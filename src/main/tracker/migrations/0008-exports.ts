import type { Database } from 'better-sqlite3'

/** What left Attune: each export of a run that was tested and put in place. */
export default function exports(database: Database): void {
  database.exec(`
    CREATE TABLE exports (
      id TEXT NOT NULL PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      format TEXT NOT NULL,
      dtype TEXT NOT NULL,
      folder TEXT NOT NULL,
      made_at TEXT NOT NULL,
      bytes INTEGER NOT NULL CHECK (bytes >= 0),
      replay TEXT NOT NULL CHECK (json_valid(replay)),
      memorisation TEXT CHECK (json_valid(memorisation)),
      signed_by TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX exports_by_run ON exports (run_id, made_at);
  `)
}
