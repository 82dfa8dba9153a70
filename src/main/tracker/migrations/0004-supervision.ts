import type { Database } from 'better-sqlite3'

/** What a run was asked for with, why it stands still, and sweeps. */
export default function supervision(database: Database): void {
  database.exec(`
    ALTER TABLE runs ADD COLUMN draft TEXT;
    ALTER TABLE runs ADD COLUMN interruption TEXT;
    ALTER TABLE runs ADD COLUMN micro_batch INTEGER;
    ALTER TABLE runs ADD COLUMN is_quiet INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE runs ADD COLUMN is_tested INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE runs ADD COLUMN sweep_id TEXT;
    ALTER TABLE runs ADD COLUMN best_low REAL;
    ALTER TABLE runs ADD COLUMN best_high REAL;
    CREATE INDEX runs_of_sweep ON runs (sweep_id) WHERE sweep_id IS NOT NULL;
    CREATE TABLE sweeps (
      id TEXT NOT NULL PRIMARY KEY,
      name TEXT NOT NULL,
      tried INTEGER NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE sweep_axes (
      sweep_id TEXT NOT NULL REFERENCES sweeps (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      path TEXT NOT NULL,
      PRIMARY KEY (sweep_id, position)
    ) STRICT, WITHOUT ROWID;
  `)
}
