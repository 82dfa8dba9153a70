import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, systemCodeOf } from '../../base/errors.ts'
import { syncFolder } from '../../base/files.ts'
import { open } from '../../base/sealed/fs.ts'
import type { OpenFile } from '../../base/sealed/open-file.ts'
import { isJsonObject } from './json.ts'
import type { TokenTable } from './token-table.ts'

/** What decides the tokens of a data set. */
export interface TokenCacheKey {
  /** `contentHash` of the tokenizer. */
  readonly tokenizer: string
  /** A hash of the texts, in order. */
  readonly dataset: string
  /** Everything else that changes the tokens, such as the columns' names. */
  readonly options: Readonly<Record<string, string | number | boolean | null>>
}

export interface TokenCache {
  /** The table stored under `key`; null when there is none, or the file is damaged or not ours. */
  read(key: TokenCacheKey): Promise<TokenTable | null>
  /** Stores `table`: readers see all of it or nothing. Returns why it could not be stored, or null: a run goes on without its cache. */
  write(key: TokenCacheKey, table: TokenTable): Promise<string | null>
  /** The stored table, or else the one that `build` makes, which is then stored. `warning` says why storing failed, else null. */
  getOrBuild(
    key: TokenCacheKey,
    build: () => Promise<TokenTable>
  ): Promise<{ readonly table: TokenTable; readonly fromCache: boolean; readonly warning: string | null }>
  /** Deletes the tables used longest ago until at most `bytes` remain, and what interrupted writes left behind. */
  prune(bytes: number): Promise<void>
}

/*
 * The file, little-endian: 8 bytes of magic, the header's length (uint32), zero (uint32), SHA-256 of header and payload (32 bytes), the
 * header (JSON, padded with spaces to a multiple of 8), then the payload: offsets (uint32 × (rows × columns + 1)) and ids (int32).
 */
const MAGIC = 'ATNTOK01'
const PREFIX_BYTES = 48
const MAX_HEADER_BYTES = 1 << 16
const CHUNK_BYTES = 8 << 20
const ABANDONED_MILLISECONDS = 24 * 3600 * 1000
const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

/** Milliseconds since 1970. */
function clock(): number {
  // eslint-disable-next-line no-restricted-properties -- Only decides which files are deleted first; a run's result does not depend on it.
  return Date.now()
}

/** Opens the cache in `folder`, which is made at the first write. */
export function openTokenCache(folder: string): TokenCache {
  const read = async (key: TokenCacheKey): Promise<TokenTable | null> => {
    const path = join(folder, fileNameOf(key))
    try {
      await using handle = await open(path, 'r')
      const table = await readTable(handle, key)
      // The time of last use, for `prune`; a folder that cannot be written to is still read.
      if (table !== null) await utimes(path, clock() / 1000, clock() / 1000).catch(() => undefined)
      return table
    } catch {
      // Whatever is wrong with a cache, its content can be made again.
      return null
    }
  }
  const write = async (key: TokenCacheKey, table: TokenTable): Promise<string | null> => {
    const aside = join(folder, `${fileNameOf(key)}.${randomBytes(6).toString('hex')}.tmp`)
    try {
      if (!isLittleEndian) return 'this processor stores numbers in the other byte order'
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeTable(aside, key, table)
      await rename(aside, join(folder, fileNameOf(key)))
      await syncFolder(folder)
      return null
    } catch (error) {
      await rm(aside, { force: true }).catch(() => undefined)
      return systemCodeOf(error) ?? messageOf(error)
    }
  }
  return {
    read,
    write,
    getOrBuild: async (key, build) => {
      const stored = await read(key)
      if (stored !== null) return { table: stored, fromCache: true, warning: null }
      const table = await build()
      const problem = await write(key, table)
      const warning = problem === null ? null : `The tokens could not be kept for the next run (${problem}).`
      return { table, fromCache: false, warning }
    },
    prune: (bytes) => prune(folder, bytes)
  }
}

function canonical({ tokenizer, dataset, options }: TokenCacheKey): string {
  const sorted = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([tokenizer, dataset, sorted])
}

function fileNameOf(key: TokenCacheKey): string {
  return `${createHash('sha256').update(canonical(key)).digest('hex').slice(0, 40)}.tokens`
}

function bytesOf(array: Int32Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

async function writeTable(path: string, key: TokenCacheKey, table: TokenTable): Promise<void> {
  const header = JSON.stringify({ key: canonical(key), rows: table.rows, columns: table.columns, ids: table.ids.length })
  const headerBytes = Buffer.from(header)
  const padded = Buffer.concat([headerBytes, Buffer.alloc(-headerBytes.length & 7, 0x20)])
  const parts = [padded, bytesOf(table.offsets), bytesOf(table.ids)]
  const hash = createHash('sha256')
  await using handle = await open(path, 'wx', 0o600)
  let at = PREFIX_BYTES
  for (const part of parts) {
    for (let start = 0; start < part.length; start += CHUNK_BYTES) {
      const chunk = part.subarray(start, start + CHUNK_BYTES)
      hash.update(chunk)
      at += await writeAll(handle, chunk, at)
    }
  }
  const prefix = Buffer.alloc(PREFIX_BYTES)
  prefix.write(MAGIC, 'latin1')
  prefix.writeUInt32LE(padded.length, 8)
  hash.digest().copy(prefix, 16)
  await writeAll(handle, prefix, 0)
  await handle.sync()
}

async function writeAll(handle: OpenFile, bytes: Uint8Array, position: number): Promise<number> {
  for (let done = 0; done < bytes.length;) {
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
  return bytes.length
}

/** The table in an open file, or null when anything in it is not as it should be. */
async function readTable(handle: OpenFile, key: TokenCacheKey): Promise<TokenTable | null> {
  const { size } = await handle.stat()
  if (!isLittleEndian || size < PREFIX_BYTES) return null
  const prefix = Buffer.alloc(PREFIX_BYTES)
  await readAll(handle, prefix, 0, null)
  const headerLength = prefix.readUInt32LE(8)
  if (prefix.toString('latin1', 0, 8) !== MAGIC || prefix.readUInt32LE(12) !== 0) return null
  if (headerLength > MAX_HEADER_BYTES || PREFIX_BYTES + headerLength > size) return null
  const hash = createHash('sha256')
  const headerBytes = Buffer.alloc(headerLength)
  await readAll(handle, headerBytes, PREFIX_BYTES, hash)
  const header: unknown = JSON.parse(headerBytes.toString('utf8'))
  if (!isJsonObject(header) || header['key'] !== canonical(key)) return null
  const [rows, columns, count] = [Number(header['rows']), Number(header['columns']), Number(header['ids'])]
  const texts = rows * columns
  if (![rows, columns, count].every((n) => Number.isSafeInteger(n) && n >= 0)) return null
  if (size !== PREFIX_BYTES + headerLength + 4 * (texts + 1) + 4 * count) return null
  const offsets = new Uint32Array(texts + 1)
  const ids = new Int32Array(count)
  await readAll(handle, bytesOf(offsets), PREFIX_BYTES + headerLength, hash)
  await readAll(handle, bytesOf(ids), PREFIX_BYTES + headerLength + offsets.byteLength, hash)
  if (!hash.digest().equals(prefix.subarray(16, PREFIX_BYTES))) return null
  return { rows, columns, ids, offsets }
}

/** Fills `into` from the file, adding what was read to `hash`. */
async function readAll(
  handle: OpenFile,
  into: Uint8Array,
  position: number,
  hash: ReturnType<typeof createHash> | null
): Promise<void> {
  for (let done = 0; done < into.length;) {
    const length = Math.min(CHUNK_BYTES, into.length - done)
    const { bytesRead } = await handle.read(into, done, length, position + done)
    if (bytesRead === 0) throw new Error('the file became shorter while it was read')
    hash?.update(into.subarray(done, done + bytesRead))
    done += bytesRead
  }
}

async function prune(folder: string, bytes: number): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const tables: { path: string; size: number; used: number }[] = []
  for (const name of names) {
    const path = join(folder, name)
    const facts = await stat(path).catch(() => null)
    if (facts === null) continue
    if (/\.tokens\.[0-9a-f]+\.tmp$/.test(name) && clock() - facts.mtimeMs > ABANDONED_MILLISECONDS)
      await rm(path, { force: true })
    if (name.endsWith('.tokens')) tables.push({ path, size: facts.size, used: facts.mtimeMs })
  }
  let kept = 0
  for (const table of tables.sort((a, b) => b.used - a.used)) {
    kept += table.size
    if (kept > bytes) await rm(table.path, { force: true })
  }
}
