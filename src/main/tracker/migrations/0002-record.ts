import type { Database } from 'better-sqlite3'

/** Projects, the bin, tags, notes, what runs made, what was done, and settings of the data folder. */
export default function record(database: Database): void {
  database.exec(`
    CREATE TABLE projects (
      id TEXT NOT NULL PRIMARY KEY,
      name TEXT NOT NULL,
      sample TEXT,
      created_at TEXT NOT NULL,
      discarded_at TEXT
    ) STRICT;
    ALTER TABLE datasets ADD COLUMN project_id TEXT NOT NULL DEFAULT '';
    ALTER TABLE datasets ADD COLUMN discarded_at TEXT;
    ALTER TABLE datasets ADD COLUMN discarded_with TEXT;
    ALTER TABLE runs ADD COLUMN project_id TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN discarded_at TEXT;
    ALTER TABLE runs ADD COLUMN discarded_with TEXT;
    CREATE INDEX datasets_of_project ON datasets (project_id, added_at);
    CREATE INDEX runs_of_project ON runs (project_id, created_at);
    CREATE TABLE tags (
      run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      PRIMARY KEY (run_id, name)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX tags_by_name ON tags (name);
    CREATE TABLE notes (
      subject_id TEXT NOT NULL PRIMARY KEY,
      text TEXT NOT NULL
    ) STRICT;
    CREATE TABLE artifacts (
      run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      kind TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      sha256 TEXT NOT NULL,
      made_at TEXT NOT NULL,
      PRIMARY KEY (run_id, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE audit_log (
      id INTEGER NOT NULL PRIMARY KEY,
      at TEXT NOT NULL,
      event TEXT NOT NULL,
      subject_id TEXT,
      amount INTEGER
    ) STRICT;
    CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE ON audit_log
      BEGIN SELECT RAISE(ABORT, 'The audit log is only added to.'); END;
    CREATE TRIGGER audit_log_is_not_deleted BEFORE DELETE ON audit_log
      BEGIN SELECT RAISE(ABORT, 'The audit log is only added to.'); END;
    CREATE TRIGGER audit_log_is_not_replaced BEFORE INSERT ON audit_log WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id)
      BEGIN SELECT RAISE(ABORT, 'The audit log is only added to.'); END;
    CREATE TABLE settings (
      name TEXT NOT NULL PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT;
  `)
  giveProjects(database)
}

/** Data that were opened before there were projects: each table becomes one, named after its file. */
function giveProjects(database: Database): void {
  database.exec(`
    INSERT INTO projects (id, name, sample, created_at, discarded_at)
      SELECT CASE WHEN sample IS NULL THEN 'p-' || substr(id, 3) ELSE 'p-practice-' || sample END, name, sample, added_at, NULL
      FROM datasets WHERE true ON CONFLICT (id) DO NOTHING;
    UPDATE datasets SET project_id = CASE WHEN sample IS NULL THEN 'p-' || substr(id, 3) ELSE 'p-practice-' || sample END;
    INSERT INTO projects (id, name, sample, created_at, discarded_at)
      SELECT 'p-' || substr(dataset_id, 3), dataset_name, NULL, min(created_at), NULL
      FROM runs WHERE dataset_id NOT IN (SELECT id FROM datasets) AND dataset_id LIKE 'd-%' GROUP BY dataset_id;
    UPDATE runs SET project_id = coalesce((SELECT project_id FROM datasets WHERE id = dataset_id), 'p-' || substr(dataset_id, 3));
  `)
  const rename = database.prepare('UPDATE projects SET name = ? WHERE id = ?')
  for (const { id, name } of database.prepare('SELECT id, name FROM projects').all() as { id: string; name: string }[])
    rename.run(name.replace(/\.[a-z0-9]{1,6}$/i, ''), id)
}
