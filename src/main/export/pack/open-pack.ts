import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { fromRandomAccessReaderPromise, type Entry, type ZipFile } from 'yauzl'
import { InputError, StoppedError, systemCodeOf } from '../../base/errors.ts'
import { open } from '../../base/sealed/fs.ts'
import type { OpenFile } from '../../base/sealed/open-file.ts'
import { quoted, storageProblem } from '../../base/storage-problem.ts'
import { decryptFile, isAgeFile } from './age.ts'
import { FileReader } from './file-reader.ts'
import {
  damagedPack,
  entryName,
  MOST_ENTRIES,
  MOST_HEAD_BYTES,
  noPack,
  PACK_HEAD,
  readPackHead,
  type PackContent
} from './layout.ts'
import { requireSpace, type FreeBytes } from './space.ts'

export interface OpenPackOptions {
  /** Null for a pack that is not encrypted. */
  readonly passphrase: string | null
  /** A folder of the caller's, where the content of an encrypted pack lies while it is open. */
  readonly scratch: string
  readonly signal: AbortSignal
  readonly freeBytes?: FreeBytes
}

const SYMBOLIC_LINK = 0o120000
const TYPE_BITS = 0o170000
const ENCRYPTED_FLAG = 1

/** A pack that is open: its table of contents has been looked at, none of its files. */
export class Pack {
  readonly holds: PackContent
  /** Bytes of each file, by its name. Together they are no more than the pack itself. */
  readonly files: ReadonlyMap<string, number>
  readonly #path: string
  readonly #zip: ZipFile
  readonly #entries: ReadonlyMap<string, Entry>
  readonly #file: OpenFile

  constructor(path: string, file: OpenFile, zip: ZipFile, holds: PackContent, entries: ReadonlyMap<string, Entry>) {
    this.#path = path
    this.#file = file
    this.#zip = zip
    this.holds = holds
    this.#entries = entries
    this.files = new Map([...entries].map(([name, { uncompressedSize }]) => [name, uncompressedSize]))
  }

  async read(name: string): Promise<Readable> {
    const entry = this.#entries.get(name)
    if (!entry) throw damagedPack(this.#path)
    return this.#zip.openReadStreamPromise(entry).catch((error: unknown) => {
      throw packProblem(error, this.#path)
    })
  }

  async close(): Promise<void> {
    this.#zip.close()
    await this.#file.close()
  }
}

/**
 * Opens a pack and checks what it says of its entries: names, kinds, number and sizes.
 * @throws InputError with one sentence for what is not as a pack is, before anything is unpacked
 */
export async function openPack(path: string, options: OpenPackOptions): Promise<Pack> {
  let file: OpenFile | undefined
  try {
    file = await open(await plainFile(path, options), 'r')
    const { size } = await file.stat()
    const zip = await fromRandomAccessReaderPromise(new FileReader(file), size, { decodeStrings: false, autoClose: false })
    if (zip.entryCount > MOST_ENTRIES) throw strange(path, `${zip.entryCount} entries`)
    const all: Entry[] = []
    for await (const entry of zip.eachEntry()) all.push(entry)
    const [head, ...rest] = all
    const holds = await readHead(path, zip, head)
    requireSizes(path, all, size)
    return new Pack(path, file, zip, holds, entriesOf(path, rest, holds))
  } catch (error) {
    await file?.close()
    throw packProblem(error, path)
  }
}

async function plainFile(path: string, { passphrase, scratch, signal, freeBytes }: OpenPackOptions): Promise<string> {
  if (!(await isAgeFile(path))) return path
  if (passphrase === null) {
    const sentence = `${quoted(path)} is encrypted. Give the passphrase that it was made with.`
    throw new InputError('pack-locked', sentence, { file: path })
  }
  await using file = await open(path, 'r')
  await requireSpace(scratch, (await file.stat()).size, freeBytes)
  const plain = join(scratch, 'content.zip')
  await decryptFile(path, passphrase, plain, signal)
  return plain
}

async function readHead(path: string, zip: ZipFile, head: Entry | undefined): Promise<PackContent> {
  const isHead = head?.fileNameRaw.toString('latin1') === PACK_HEAD && head.relativeOffsetOfLocalHeader === 0
  if (!head || !isHead || head.uncompressedSize > MOST_HEAD_BYTES || head.compressionMethod !== 0) throw noPack(path)
  return readPackHead((await buffer(await zip.openReadStreamPromise(head))).toString('utf8'), path)
}

/** Stored entries that do not overlap cannot be larger than the file that they lie in. */
function requireSizes(path: string, entries: readonly Entry[], size: number): void {
  const claimed = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0)
  if (claimed <= size) return
  const sentence = `${quoted(path)} claims to hold more than it can: ${claimed} bytes in a file of ${size}. It was not unpacked; do not trust whoever sent it.`
  throw new InputError('pack-bomb', sentence, { file: path })
}

function entriesOf(path: string, entries: readonly Entry[], holds: PackContent): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>()
  const taken = new Set<string>()
  for (const entry of entries) {
    const full = entry.fileNameRaw.toString('latin1')
    const name = entryName(full, holds)
    if (name === null) throw strange(path, `an entry ${quoted(full)}`)
    // Some disks take names that differ in capitals alone for one.
    if (taken.has(name.toLowerCase())) throw strange(path, `two entries ${quoted(full)}`)
    if (entry.compressionMethod !== 0) throw strange(path, `a compressed entry ${quoted(full)}`)
    if ((entry.generalPurposeBitFlag & ENCRYPTED_FLAG) !== 0) throw strange(path, `an encrypted entry ${quoted(full)}`)
    if (((entry.externalFileAttributes >>> 16) & TYPE_BITS) === SYMBOLIC_LINK) throw strange(path, `a link ${quoted(full)}`)
    taken.add(name.toLowerCase())
    found.set(name, entry)
  }
  return found
}

const strange = (path: string, what: string): InputError =>
  new InputError(
    'pack-entry',
    `${quoted(path)} holds ${what}, which no pack of Attune does. It was not unpacked; do not trust whoever sent it.`,
    {
      file: path
    }
  )

/** What went wrong with a pack's file: the disk's fault in its own sentence; what the zip library says is for the log. */
export function packProblem(error: unknown, path: string): unknown {
  if (error instanceof InputError || error instanceof StoppedError) return error
  if (error instanceof Error && error.name === 'AbortError') return error
  const known = storageProblem(error, 'The pack cannot be read', path)
  if (known instanceof InputError) return known
  const code = systemCodeOf(error)
  return code === undefined || code.startsWith('ERR_') ? damagedPack(path, error) : error
}
