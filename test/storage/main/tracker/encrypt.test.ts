import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase, type TrackerFiles } from '../../../../src/main/tracker/database.ts'
import { encryptDatabase, isPlain } from '../../../../src/main/tracker/encrypt.ts'
import { addRun, listRuns, logOfRun, addLogLine } from '../../../../src/main/tracker/queries/runs.ts'
import { Tracker } from '../../../../src/main/tracker/tracker.ts'
import { runRow } from '../../../helpers/run-row.ts'

const key = '5a'.repeat(32)
const other = 'a5'.repeat(32)
const CANARY = 'canary-of-the-record'
let folder: string
let files: TrackerFiles
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attune-encrypt-'))
  files = { file: join(folder, 'attune.sqlite'), backups: join(folder, 'backups') }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Every byte of the folder's files. */
const everything = (): Buffer => Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))))

function filled(): Tracker {
  const db = new Tracker(files)
  addRun(db, runRow('r-1', { name: CANARY }))
  for (let i = 0; i < 500; i++) addLogLine(db, 'r-1', { at: '2026-11-25T10:00:00Z', text: `${CANARY} ${i}` })
  return db
}

test('a plain record with rows is encrypted while it is open, and goes on', () => {
  const db = filled()
  expect(everything().includes(CANARY)).toBe(true)
  db.encrypt(key)
  addLogLine(db, 'r-1', { at: '2026-11-25T10:00:00Z', text: `${CANARY} after` })
  expect(everything().includes(CANARY)).toBe(false)
  expect(logOfRun(db, 'r-1')).toHaveLength(501)
  db.dispose()
  expect(everything().includes(CANARY)).toBe(false)
  const again = new Tracker({ ...files, key })
  expect(listRuns(again).map(({ name }) => name)).toEqual([CANARY])
  expect(logOfRun(again, 'r-1')).toHaveLength(501)
  again.dispose()
})

test('a wrong key and none are refused, and leave the file as it is', () => {
  const db = filled()
  db.encrypt(key)
  db.dispose()
  const before = readFileSync(files.file)
  expect(() => new Tracker({ ...files, key: other })).toThrow(expect.objectContaining({ code: 'tracker-unreadable' }) as Error)
  expect(() => new Tracker(files)).toThrow(expect.objectContaining({ code: 'tracker-unreadable' }) as Error)
  expect(readFileSync(files.file).equals(before)).toBe(true)
  expect(readdirSync(folder).filter((name) => name.endsWith('.sqlite'))).toEqual(['attune.sqlite'])
})

test('what a crash left of an earlier try is swept, and a second call changes nothing', () => {
  const db = filled()
  db.dispose()
  copyFileSync(files.file, `${files.file}.sealing`)
  writeFileSync(`${files.file}.sealing-journal`, 'half')
  encryptDatabase(files.file, key)
  const once = readFileSync(files.file)
  encryptDatabase(files.file, key)
  expect(readFileSync(files.file).equals(once)).toBe(true)
  expect(isPlain(files.file)).toBe(false)
  expect(readdirSync(folder)).toEqual(['attune.sqlite'])
})

test('a backup before a migration is encrypted too', () => {
  const db = filled()
  db.encrypt(key)
  db.dispose()
  const first = openDatabase({ ...files, key })
  const version = Number(first.pragma('user_version', { simple: true }))
  first.close()
  const nothing = (): void => undefined
  openDatabase(
    { ...files, key },
    Array.from({ length: version + 1 }, () => nothing)
  ).close()
  const [backup = ''] = readdirSync(files.backups)
  expect(readFileSync(join(files.backups, backup)).includes(CANARY)).toBe(false)
  const restored = new Tracker({ file: join(files.backups, backup), backups: join(folder, 'none'), key })
  expect(listRuns(restored)).toHaveLength(1)
  restored.dispose()
})
