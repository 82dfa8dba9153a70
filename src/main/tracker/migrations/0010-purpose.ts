import type { Database } from 'better-sqlite3'

/** What a project is for, and how the ranges of an export in int8 were found. */
export default function purpose(database: Database): void {
  database.exec(`
    ALTER TABLE projects ADD COLUMN purpose TEXT NOT NULL DEFAULT 'unsaid'
      CHECK (purpose IN ('unsaid', 'research', 'inside', 'commercial'));
    ALTER TABLE exports ADD COLUMN quantization TEXT CHECK (quantization IN ('dynamic', 'static'));
  `)
}
