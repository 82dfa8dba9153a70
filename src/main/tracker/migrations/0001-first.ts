import type { Database } from 'better-sqlite3'

/** Data sets, models, runs with their curves, evaluations and logs. */
export default function first(database: Database): void {
  database.exec(`
    CREATE TABLE datasets (
      id TEXT NOT NULL PRIMARY KEY,
      name TEXT NOT NULL,
      sample TEXT,
      file TEXT NOT NULL,
      rows INTEGER NOT NULL,
      encoding TEXT NOT NULL,
      delimiter TEXT,
      task TEXT NOT NULL,
      text_column TEXT,
      pair_column TEXT,
      answer_column TEXT,
      group_column TEXT,
      belonging TEXT,
      added_at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE dataset_columns (
      dataset_id TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name TEXT NOT NULL,
      looks_like TEXT NOT NULL,
      distinct_values INTEGER,
      empty_cells INTEGER NOT NULL,
      PRIMARY KEY (dataset_id, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE models (
      id TEXT NOT NULL PRIMARY KEY,
      name TEXT NOT NULL,
      folder TEXT NOT NULL UNIQUE,
      is_bundled INTEGER NOT NULL,
      family TEXT,
      parameters INTEGER,
      bytes INTEGER,
      max_tokens INTEGER,
      licence TEXT,
      languages TEXT NOT NULL,
      problem TEXT,
      added_at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE runs (
      id TEXT NOT NULL PRIMARY KEY,
      name TEXT NOT NULL,
      state TEXT NOT NULL,
      task TEXT NOT NULL,
      dataset_id TEXT NOT NULL,
      dataset_name TEXT NOT NULL,
      model_id TEXT NOT NULL,
      model_name TEXT NOT NULL,
      method TEXT NOT NULL,
      must_not_miss TEXT,
      config_file TEXT NOT NULL,
      folder TEXT,
      created_at TEXT NOT NULL,
      queue_order INTEGER,
      step INTEGER NOT NULL,
      total_steps INTEGER NOT NULL,
      best_metric TEXT,
      best_value REAL,
      best_step INTEGER,
      test_metric TEXT,
      test_value REAL,
      test_low REAL,
      test_high REAL,
      failure_code TEXT,
      failure_message TEXT,
      failure_detail TEXT
    ) STRICT;
    CREATE INDEX runs_by_age ON runs (created_at DESC);
    CREATE INDEX runs_waiting ON runs (queue_order) WHERE queue_order IS NOT NULL;
    CREATE TABLE run_metrics (
      run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      loss REAL,
      learning_rate REAL NOT NULL,
      memory_bytes INTEGER NOT NULL,
      tokens_per_second REAL NOT NULL,
      PRIMARY KEY (run_id, step)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE evaluations (
      run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      is_best INTEGER NOT NULL,
      PRIMARY KEY (run_id, step)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE evaluation_metrics (
      run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      name TEXT NOT NULL,
      value REAL NOT NULL,
      PRIMARY KEY (run_id, step, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE run_log (
      id INTEGER NOT NULL PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      at TEXT NOT NULL,
      text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX run_log_of ON run_log (run_id, id);
  `)
}
