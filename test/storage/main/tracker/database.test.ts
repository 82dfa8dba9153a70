import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../../../src/main/tracker/database.ts'
import { migrations } from '../../../../src/main/tracker/migrations/index.ts'

let folder: string
const files = (): { file: string; backups: string } => ({ file: join(folder, 'a.sqlite'), backups: join(folder, 'backups') })
const version = (database: Database): unknown => database.pragma('user_version', { simple: true })
const addNote = (database: Database): void => void database.exec('CREATE TABLE jottings (text TEXT NOT NULL) STRICT')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-tracker-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

describe('the tracker’s file', () => {
  test('is made with every migration, in WAL mode, all tables strict', () => {
    const database = openDatabase(files())
    expect(version(database)).toBe(migrations.length)
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
    const loose = database
      .prepare("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND schema = 'main'")
      .all()
    expect(loose.filter((table) => !(table as { name: string }).name.startsWith('sqlite_'))).toEqual([])
    database.close()
  })

  test('is copied before it is brought to a newer version, and keeps its rows', async () => {
    const old = openDatabase(files())
    old.prepare("INSERT INTO models VALUES ('m-1', 'n', '/f', 0, NULL, NULL, NULL, NULL, NULL, '', NULL, 'now')").run()
    old.close()
    expect(await readdir(join(folder, 'backups')).catch(() => [])).toEqual([])
    const now = openDatabase(files(), [...migrations, addNote])
    expect(version(now)).toBe(migrations.length + 1)
    expect(now.prepare('SELECT count(*) AS n FROM models').get()).toEqual({ n: 1 })
    now.close()
    expect(await readdir(join(folder, 'backups'))).toEqual([
      expect.stringMatching(new RegExp(`^attune-v${migrations.length}-\\d{14}\\.sqlite$`))
    ])
  })

  test('stays as it was where a migration fails', () => {
    openDatabase(files()).close()
    const broken = (database: Database): void => {
      addNote(database)
      throw new Error('half way')
    }
    expect(() => openDatabase(files(), [...migrations, broken])).toThrow('cannot be read')
    const database = openDatabase(files())
    expect(version(database)).toBe(migrations.length)
    expect(() => database.prepare('SELECT * FROM jottings')).toThrow('no such table')
    database.close()
  })

  test('from a newer version is refused in plain words', () => {
    openDatabase(files(), [...migrations, addNote]).close()
    expect(() => openDatabase(files())).toThrow(
      'This data folder was last used by a newer version of Attune. Open it with that version, or update this one.'
    )
  })
})
