// eslint-disable-next-line no-restricted-imports -- The record has a cipher of its own: these read its first bytes and flush it.
import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { assert } from '../base/assert.ts'

/** How a file of SQLite's begins that is not encrypted. */
const PLAIN = 'SQLite format 3\0'

/** Gives an open connection its key: 64 hex digits, used as they are. It is said before anything else is asked. */
export function useKey(database: Database.Database, key: string): void {
  database.pragma("cipher = 'sqlcipher'")
  database.pragma(`key = "x'${hex(key)}'"`)
}

/**
 * Encrypts a plain database file: a copy is encrypted beside it, flushed, and renamed over it, so that a crash leaves the one or the other. A file that is
 * encrypted already, or not there, is left alone. Nobody may have it open.
 */
export function encryptDatabase(file: string, key: string): void {
  if (!isPlain(file)) return
  const plain = new Database(file)
  plain.pragma('wal_checkpoint(TRUNCATE)')
  plain.pragma('journal_mode = DELETE')
  plain.close()
  const aside = `${file}.sealing`
  for (const ending of ['', '-journal', '-wal', '-shm']) rmSync(aside + ending, { force: true })
  copyFileSync(file, aside)
  const copy = new Database(aside)
  // Should it be cut short, the copy is thrown away: a journal with the plain pages would be of no use.
  copy.pragma('journal_mode = MEMORY')
  copy.pragma("cipher = 'sqlcipher'")
  copy.pragma(`rekey = "x'${hex(key)}'"`)
  copy.close()
  const handle = openSync(aside, 'r+')
  fsyncSync(handle)
  closeSync(handle)
  renameSync(aside, file)
  for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true })
}

/** Whether a file is a database of SQLite's that anybody can read. */
export function isPlain(file: string): boolean {
  if (!existsSync(file)) return false
  const start = Buffer.alloc(PLAIN.length)
  const handle = openSync(file, 'r')
  readSync(handle, start, 0, start.length, 0)
  closeSync(handle)
  return start.toString('latin1') === PLAIN
}

function hex(key: string): string {
  assert(/^[0-9a-f]{64}$/.test(key), 'a database key has 64 hex digits')
  return key
}
