import {
  appendFileSync as plainAppendSync,
  createWriteStream as plainStream,
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
  type BigIntStats,
  type Stats
} from 'node:fs'
import * as plain from 'node:fs/promises'
import { Writable } from 'node:stream'
import { fileKey, HEADER_BYTES, isSealed, layoutOf, newHeader, readHeader, type SealingKey } from './format.ts'
import { journalContent, sealEntry } from './journal.ts'
import { keyRing } from './key-ring.ts'
import type { OpenFile } from './open-file.ts'
import { headerBytes, SealedReader } from './reader.ts'
import { seal, sealedDamage, unseal } from './whole.ts'
import { SealedWriter } from './writer.ts'

/*
 * Node's calls of the same names for files that may be sealed. Reading is transparent: a sealed file's content, or the file as it is. Writing seals where
 * the key ring of this process says so.
 */

/** Opens a file: `w` and `wx` to write it anew, everything else to read. */
export async function open(path: string, flags: string | number = 'r', mode?: number): Promise<OpenFile> {
  if (flags === 'w' || flags === 'wx') {
    const key = keyRing.keyFor(path)
    if (!key) return plain.open(path, flags, mode)
    const handle = await plain.open(path, `${flags}+`, mode)
    return orClosed(handle, () => SealedWriter.open(handle, path, key))
  }
  const handle = await plain.open(path, flags, mode)
  return orClosed(handle, async () => {
    if (!(await handle.stat()).isFile()) return handle
    const start = await headerBytes(handle)
    if (!isSealed(start)) return handle
    const header = readHeader(start)
    if (!header) throw sealedDamage(path)
    return SealedReader.open(handle, header, path)
  })
}

async function orClosed(handle: plain.FileHandle, use: () => Promise<OpenFile>): Promise<OpenFile> {
  try {
    return await use()
  } catch (error) {
    await handle.close()
    throw error
  }
}

export function readFile(path: string): Promise<Buffer>
export function readFile(path: string, encoding: 'utf8'): Promise<string>
export async function readFile(path: string, encoding?: 'utf8'): Promise<Buffer | string> {
  const content = unseal(await plain.readFile(path), path)
  return encoding ? content.toString(encoding) : content
}

export async function writeFile(
  path: string,
  data: string | Uint8Array,
  options: { readonly mode?: number } = {}
): Promise<void> {
  const key = keyRing.keyFor(path)
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  await plain.writeFile(path, key ? seal(bytes, key) : bytes, options)
}

export function stat(path: string): Promise<Stats>
export function stat(path: string, options: { readonly bigint: true }): Promise<BigIntStats>
/** As Node's, but that the size of a sealed file is its content's. */
export async function stat(path: string, options?: { readonly bigint: true }): Promise<Stats | BigIntStats> {
  const stats = options ? await plain.stat(path, options) : await plain.stat(path)
  if (!stats.isFile() || stats.size < HEADER_BYTES) return stats
  await using handle = await plain.open(path)
  if (readHeader(await headerBytes(handle))?.kind !== 'whole') return stats
  const size = layoutOf(Number(stats.size))?.size ?? 0
  if (typeof stats.size === 'bigint') stats.size = BigInt(size)
  else stats.size = size
  return stats
}

export function createWriteStream(path: string, options: { readonly mode: number; readonly flags?: 'w' | 'wx' }): Writable {
  if (!keyRing.keyFor(path)) return plainStream(path, options)
  let file: OpenFile | undefined
  const close = async (): Promise<void> => {
    const open = file
    file = undefined
    await open?.close()
  }
  const settle = (work: Promise<unknown> | undefined, done: (error?: Error | null) => void): void =>
    void (work ?? Promise.resolve()).then(() => done(), done)
  return new Writable({
    construct: (done) =>
      settle(
        open(path, options.flags ?? 'w', options.mode).then((opened) => (file = opened)),
        done
      ),
    write: (chunk: Buffer, _encoding, done) => settle(file?.write(chunk), done),
    final: (done) => settle(close(), done),
    destroy: (error, done) => settle(close(), (closing) => done(error ?? closing ?? null))
  })
}

interface Journal {
  readonly key: Buffer
  readonly entries: number
  readonly bytes: number
  /** Of another file of the same path and size, which took its place, this is another. */
  readonly inode: number
  readonly keyId: string
}

/** Where the journals end that this process appends to. */
const journals = new Map<string, Journal>()

/** Appends to a file that is read as a whole. A sealed one becomes a journal: what is appended is an entry of its own. */
export function appendFileSync(path: string, text: string, options: { readonly mode?: number } = {}): void {
  const key = keyRing.keyFor(path)
  if (!key) return plainAppendSync(path, text, options)
  const known = journals.get(path)
  const now = statSync(path, { throwIfNoEntry: false })
  const journal = known && isStill(known, now, key) ? known : openJournal(path, key)
  const entry = sealEntry(journal.key, journal.entries, Buffer.from(text))
  plainAppendSync(path, entry)
  journals.set(path, { ...journal, entries: journal.entries + 1, bytes: journal.bytes + entry.length })
}

const isStill = ({ bytes, inode, keyId }: Journal, now: Stats | undefined, key: SealingKey): boolean =>
  bytes === now?.size && inode === now.ino && keyId === key.id

/** Finds a journal's end, or makes one of whatever the file is: one with the key of another place, too. */
function openJournal(path: string, key: SealingKey): Journal {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
  const header = readHeader(bytes)
  if (header?.kind === 'journal' && header.keyId === key.id) {
    const own = fileKey(keyRing.keyNamed(header.keyId, path), header.bytes)
    const { entries, bytes: length } = journalContent(bytes.subarray(HEADER_BYTES), own)
    if (entries === 0) throw sealedDamage(path)
    // An entry that a crash left half written would hide all that follow.
    truncateSync(path, HEADER_BYTES + length)
    return { key: own, entries, bytes: HEADER_BYTES + length, inode: statSync(path).ino, keyId: key.id }
  }
  const start = newHeader('journal', key.id)
  const own = fileKey(key, start)
  const before = unseal(bytes, path)
  const all = Buffer.concat([start, sealEntry(own, 0, before)])
  writeFileSync(`${path}.tmp`, all, { mode: 0o600 })
  renameSync(`${path}.tmp`, path)
  return { key: own, entries: 1, bytes: all.length, inode: statSync(path).ino, keyId: key.id }
}
