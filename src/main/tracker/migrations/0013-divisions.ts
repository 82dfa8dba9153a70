import type { Database } from 'better-sqlite3'

/** Rows that are divided by their dates or tested by folds, and classes that are evened out while training. */
export default function divisions(database: Database): void {
  database.exec(`
    ALTER TABLE dataset_versions ADD COLUMN split_date TEXT;
    ALTER TABLE dataset_versions ADD COLUMN split_folds INTEGER CHECK (split_folds BETWEEN 2 AND 20);
    ALTER TABLE dataset_versions ADD COLUMN split_balance TEXT NOT NULL DEFAULT 'none'
      CHECK (split_balance IN ('none', 'weights', 'repeat'));
    ALTER TABLE dataset_versions ADD COLUMN split_cap INTEGER CHECK (split_cap > 0);
  `)
}
