import type { Database } from 'better-sqlite3'

/** What computed a run; unknown of those from before. */
export default function runDevices(database: Database): void {
  database.exec('ALTER TABLE runs ADD COLUMN device TEXT')
}
