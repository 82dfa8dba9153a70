import type { Database } from 'better-sqlite3'

/** Sweeps that end poor runs early, and what such a run was compared with. */
export default function earlyEnds(database: Database): void {
  database.exec(`
    ALTER TABLE sweeps ADD COLUMN ends_early INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE runs ADD COLUMN ended_step INTEGER;
    ALTER TABLE runs ADD COLUMN ended_value REAL;
    ALTER TABLE runs ADD COLUMN ended_median REAL;
    ALTER TABLE runs ADD COLUMN ended_others INTEGER;
    ALTER TABLE runs ADD COLUMN ended_step_seconds REAL;
  `)
}
