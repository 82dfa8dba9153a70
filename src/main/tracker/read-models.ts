import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { useKey } from './encrypt.ts'
import type { ModelRow } from './queries/models.ts'

/**
 * The models that a record lists, for a process beside the one that has the record open: nothing is written, and an older record is not brought to this
 * version. None where there is no record. `key`: 64 hex digits, where it is encrypted.
 */
export function modelsInRecord(
  file: string,
  key: string | undefined
): readonly Pick<ModelRow, 'id' | 'name' | 'folder' | 'problem'>[] {
  if (!existsSync(file)) return []
  const database = new Database(file, { readonly: true, fileMustExist: true })
  try {
    if (key !== undefined) useKey(database, key)
    database.pragma('busy_timeout = 2000')
    return database.prepare<[], ModelRow>('SELECT id, name, folder, problem FROM models ORDER BY name, id').all()
  } finally {
    database.close()
  }
}
