import { buffer } from 'node:stream/consumers'
import { fromBufferPromise } from 'yauzl'
import { ZipFile } from 'yazl'
import { UnreadableDocument } from './rejected.ts'

/** Bounds on what is unpacked: many times what the longest book takes. */
const MOST = { entries: 10_000, part: 64 * 2 ** 20, total: 96 * 2 ** 20 }

/**
 * The parts of an archive that are wanted, unpacked. What an entry holds beyond the size that the archive's own list gives it is never unpacked, nor is
 * anything beyond a fixed size. Throws an UnreadableDocument for archives that are damaged or would grow beyond that.
 */
export async function partsOf(bytes: Buffer, isWanted: (name: string) => boolean): Promise<ReadonlyMap<string, Buffer>> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true }).catch((error: unknown) => {
    throw damaged(error)
  })
  const parts = new Map<string, Buffer>()
  let total = 0
  try {
    if (zip.entryCount > MOST.entries) throw tooLarge()
    for await (const entry of zip.eachEntry()) {
      if (!isWanted(entry.fileName) || parts.has(entry.fileName)) continue
      total += entry.uncompressedSize
      if (entry.uncompressedSize > MOST.part || total > MOST.total) throw tooLarge()
      if (entry.isEncrypted()) throw new UnreadableDocument('It is protected by a password. Remove the password and try again.')
      parts.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)))
    }
  } catch (error) {
    throw error instanceof UnreadableDocument ? error : damaged(error)
  } finally {
    zip.close()
  }
  return parts
}

/** The same parts as an archive that is not packed. */
export async function archiveOf(parts: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, bytes] of parts) zip.addBuffer(bytes, name, { compress: false })
  zip.end()
  return buffer(zip.outputStream)
}

const tooLarge = (): UnreadableDocument =>
  new UnreadableDocument('It would unpack to far more than a document holds. It is damaged, or made to do harm.')

const damaged = (cause: unknown): UnreadableDocument =>
  new UnreadableDocument('It is damaged, or is no Word document. Open it in Word and save it again.', { cause })
