import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { InputError, messageOf } from '../base/errors.ts'
import { useKey } from './encrypt.ts'
import { migrations } from './migrations/index.ts'

export interface TrackerFiles {
  readonly file: string
  /** Where a copy goes before the file is changed to a newer version. */
  readonly backups: string
  /** 64 hex digits, where the file is encrypted: the key itself, not a passphrase. */
  readonly key?: string | undefined
}

type Migration = (database: Database.Database) => void

/** Opens the tracker's file, brings it to this version, and refuses one from a newer version. The file is an index: it can be rebuilt. */
export function openDatabase({ file, backups, key }: TrackerFiles, steps: readonly Migration[] = migrations): Database.Database {
  const database = new Database(file)
  try {
    if (key !== undefined) useKey(database, key)
    database.pragma('journal_mode = WAL')
    // A power cut may lose the last moments, never the file; the run folders have them too.
    database.pragma('synchronous = NORMAL')
    database.pragma('foreign_keys = ON')
    database.pragma('temp_store = MEMORY')
    database.pragma('busy_timeout = 2000')
    migrate(database, backups, steps)
    return database
  } catch (error) {
    database.close()
    if (error instanceof InputError) throw error
    const sentence =
      'The list of your runs cannot be read. Move attune.sqlite out of the data folder: it is made again from the runs.'
    throw new InputError('tracker-unreadable', `${sentence} (${messageOf(error)})`, { file, inApp: sentence }, { cause: error })
  }
}

function migrate(database: Database.Database, backups: string, steps: readonly Migration[]): void {
  const version = Number(database.pragma('user_version', { simple: true }))
  if (version > steps.length) {
    const sentence = 'This data folder was last used by a newer version of Attune. Open it with that version, or update this one.'
    throw new InputError('tracker-newer', sentence)
  }
  if (version === steps.length) return
  if (version > 0) backUp(database, backups, version)
  const everything = database.transaction(() => {
    for (const step of steps.slice(version)) step(database)
    database.pragma(`user_version = ${steps.length}`)
  })
  everything.immediate()
}

function backUp(database: Database.Database, backups: string, version: number): void {
  mkdirSync(backups, { recursive: true, mode: 0o700 })
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  database.prepare('VACUUM INTO ?').run(join(backups, `attune-v${version}-${stamp}.sqlite`))
}
