import type { Database } from 'better-sqlite3'

/** Where a data set stands among its versions, how its rows are divided, and what parts they keep. */
export default function versions(database: Database): void {
  database.exec(`
    CREATE TABLE dataset_versions (
      dataset_id TEXT NOT NULL PRIMARY KEY REFERENCES datasets (id) ON DELETE CASCADE,
      root_id TEXT NOT NULL,
      parent_id TEXT,
      version INTEGER NOT NULL,
      note TEXT,
      hash TEXT NOT NULL,
      label_separator TEXT,
      split_train REAL NOT NULL,
      split_validation REAL NOT NULL,
      split_test REAL NOT NULL,
      split_seed INTEGER NOT NULL,
      split_column TEXT,
      kept_column TEXT,
      kept_key TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX dataset_versions_of ON dataset_versions (root_id, version);
    INSERT INTO dataset_versions
      (dataset_id, root_id, version, hash, split_train, split_validation, split_test, split_seed)
      SELECT id, id, 1, substr(id, 3), 0.7, 0.15, 0.15, 42 FROM datasets;
  `)
}
