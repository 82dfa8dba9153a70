import { buffer } from 'node:stream/consumers'
import { fromBufferPromise } from 'yauzl'
import { ZipFile } from 'yazl'
import { InputError } from '../../../../base/errors.ts'

/** Many times what the longest book takes. */
const MOST = { packed: 256 * 2 ** 20, entries: 10_000, xml: 64 * 2 ** 20, total: 512 * 2 ** 20 }

export const damaged = (file: string, cause?: unknown): InputError =>
  new InputError(
    'data_workbook_unreadable',
    `${file} is damaged, or is no Word document. Open it in Word and save it again as DOCX.`,
    {},
    { cause }
  )

const tooLarge = (file: string): InputError =>
  new InputError(
    'document-too-long',
    `${file} would unpack to far more than a document holds. It is damaged, or made to do harm.`
  )

const isXml = (name: string): boolean => /\.(?:xml|rels)$/i.test(name)

/**
 * Every part of an archive, in its order. An entry that holds more than the archive's own list says is stopped by the unpacker.
 * @throws InputError for what is no archive, is encrypted, names a part twice, or would grow beyond what documents hold
 */
export async function readParts(bytes: Buffer, file: string): Promise<Map<string, Buffer>> {
  if (bytes.length > MOST.packed) throw tooLarge(file)
  const zip = await fromBufferPromise(bytes, { lazyEntries: true }).catch((error: unknown) => {
    throw damaged(file, error)
  })
  const parts = new Map<string, Buffer>()
  let total = 0
  try {
    if (zip.entryCount > MOST.entries) throw tooLarge(file)
    for await (const entry of zip.eachEntry()) {
      const { fileName, uncompressedSize } = entry
      total += uncompressedSize
      if (total > MOST.total || (isXml(fileName) && uncompressedSize > MOST.xml)) throw tooLarge(file)
      if (entry.isEncrypted() || parts.has(fileName)) throw damaged(file)
      if (!fileName.endsWith('/')) parts.set(fileName, await buffer(await zip.openReadStreamPromise(entry)))
    }
  } catch (error) {
    throw error instanceof InputError ? error : damaged(file, error)
  } finally {
    zip.close()
  }
  return parts
}

/** The same moment for every part: when a document was made says something too. */
const PLAIN = { compress: true, mtime: new Date(1980, 0, 1), mode: 0o100644, forceDosTimestamp: true }

export async function archiveOf(parts: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, bytes] of parts) zip.addBuffer(bytes, name, PLAIN)
  zip.end()
  return buffer(zip.outputStream)
}
