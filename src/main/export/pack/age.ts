import type { Identity } from 'age-encryption'
import { pipeline } from 'node:stream/promises'
import { InputError } from '../../base/errors.ts'
import { createWriteStream, open } from '../../base/sealed/fs.ts'
import { quoted } from '../../base/storage-problem.ts'
import { chunksOf } from './file-reader.ts'
import { damagedPack } from './layout.ts'
import { byPassphrase, forPassphrase } from './passphrase-stanza.ts'

/** log2 of scrypt's work for packs that are written: 256 MiB and about a second for each guess, what `age -p` takes. */
const WRITTEN_WORK = 18
/** The most that is read: 1 GiB and some seconds. A file from outside shall not ask for all memory. */
const MOST_WORK = 20
const MAGIC = 'age-encryption.org/v1\n'
/** A header for one passphrase has some 150 bytes. */
const MOST_HEADER = 4096
const LEAST_CHARACTERS = 8

/** Whether a file begins as an age file does (https://age-encryption.org/v1). */
export async function isAgeFile(path: string): Promise<boolean> {
  return (await startOf(path)).startsWith(MAGIC)
}

async function startOf(path: string): Promise<string> {
  await using file = await open(path, 'r')
  const buffer = Buffer.alloc(MOST_HEADER)
  const { bytesRead } = await file.read(buffer, 0, MOST_HEADER, 0)
  return buffer.toString('latin1', 0, bytesRead)
}

/** @throws InputError for a passphrase that is guessed too easily */
export function requireStrong(passphrase: string): void {
  if ([...passphrase].length >= LEAST_CHARACTERS) return
  throw new InputError('passphrase-short', `The passphrase needs at least ${LEAST_CHARACTERS} characters; four words are better.`)
}

/** The age file of what is read, under a passphrase. */
export async function* encrypted(
  plain: AsyncIterable<Uint8Array>,
  passphrase: string
): AsyncGenerator<Uint8Array, void, undefined> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  encrypter.addRecipient(forPassphrase(passphrase, WRITTEN_WORK))
  yield* await encrypter.encrypt(ReadableStream.from(plain))
}

/** Writes the content of an age file to `to`. Throws what `decrypted` throws. */
export async function decryptFile(path: string, passphrase: string, to: string, signal: AbortSignal): Promise<void> {
  const pieces = decrypted(path, passphrase)
  // What is refused leaves no file behind.
  const first = await pieces.next()
  async function* all(): AsyncGenerator<Uint8Array, void, undefined> {
    if (!first.done) yield first.value
    yield* pieces
  }
  await pipeline(all, createWriteStream(to, { mode: 0o600, flags: 'wx' }), { signal })
}

/**
 * The content of an age file; it is authenticated piece by piece, as it is read.
 * @throws InputError where the passphrase is wrong, the file is encrypted otherwise, asks for too much work, or is damaged
 */
export async function* decrypted(path: string, passphrase: string): AsyncGenerator<Uint8Array, void, undefined> {
  if (!/\n--- [\w+/]{43}\n/.test(await startOf(path))) throw damagedPack(path)
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  decrypter.addIdentity(onlyAPassphrase(path))
  decrypter.addIdentity(byPassphrase(passphrase))
  await using file = await open(path, 'r')
  const { size } = await file.stat()
  const content = ReadableStream.from(chunksOf(file, 0, size))
  const plain = await decrypter.decrypt(content).catch((error: unknown) => {
    if (error instanceof InputError) throw error
    if (error instanceof Error && error.message.startsWith('no identity matched')) throw wrongPassphrase(path)
    throw damagedPack(path, error)
  })
  yield* plain
}

const wrongPassphrase = (path: string): InputError =>
  new InputError('pack-passphrase', `This is not the passphrase of ${quoted(path)}. Ask whoever made it.`, { file: path })

/** Finds no key, but refuses what is no file for one passphrase before any work is done for it. */
const onlyAPassphrase = (path: string): Identity => ({
  unwrapFileKey([stanza, ...more]) {
    const [kind, , work] = stanza?.args ?? []
    if (kind !== 'scrypt' || more.length > 0) {
      const sentence = `${quoted(path)} is encrypted for keys, not with a passphrase. Have it packed again with a passphrase.`
      throw new InputError('pack-recipients', sentence, { file: path })
    }
    if (!/^[1-9]\d?$/.test(work ?? '')) throw damagedPack(path)
    if (Number(work) <= MOST_WORK) return null
    const sentence = `Opening ${quoted(path)} would take more memory than Attune gives to a passphrase (work factor ${work}; ${MOST_WORK} at most). Have it packed again by Attune.`
    throw new InputError('pack-work', sentence, { file: path })
  }
})
