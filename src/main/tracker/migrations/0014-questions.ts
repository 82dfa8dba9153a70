import type { Database } from 'better-sqlite3'

/** Questions that are asked of every text of a data set, each by the kind of marks that answers it. */
export default function questions(database: Database): void {
  database.exec(`
    CREATE TABLE dataset_questions (
      dataset_id TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      kind TEXT NOT NULL,
      question TEXT NOT NULL,
      PRIMARY KEY (dataset_id, position)
    ) STRICT, WITHOUT ROWID;
  `)
}
