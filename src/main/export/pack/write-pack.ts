import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { flushFile } from '../../base/files.ts'
import { createWriteStream } from '../../base/sealed/fs.ts'
import { MANIFEST } from '../manifest.ts'
import { encrypted } from './age.ts'
import { PACK_HEAD, packHead, type PackContent } from './layout.ts'

export interface WritePackOptions {
  readonly holds: PackContent
  /** Null to leave the pack readable for everyone. */
  readonly passphrase: string | null
  readonly signal: AbortSignal
  /** Bytes that are written, before encryption. */
  readonly onBytes?: (done: number) => void
}

/** The same for every pack: neither when nor by which account it was made. */
const asStored = { compress: false, mode: 0o100644, mtime: new Date(1980, 0, 1), forceDosTimestamp: true }

/** Packs the files of an export's folder, which lie there plain, into a new file. Sizes above 4 GB are written as zip64. */
export async function writePack(folder: string, path: string, options: WritePackOptions): Promise<void> {
  const { holds, passphrase, signal, onBytes } = options
  const zip = new ZipFile()
  const source = zip.outputStream as Readable // The library's own PassThrough.
  zip.on('error', (error: Error) => source.destroy(error))
  zip.addBuffer(Buffer.from(packHead(holds)), PACK_HEAD, asStored)
  const names = (await readdir(folder)).sort((a, b) => Number(b === MANIFEST) - Number(a === MANIFEST) || (a < b ? -1 : 1))
  for (const name of names) zip.addFile(join(folder, name), `${holds}/${name}`, asStored)
  zip.end()
  const content = counted(source, onBytes)
  const to = createWriteStream(path, { mode: 0o600, flags: 'wx' })
  await pipeline(passphrase === null ? content : encrypted(content, passphrase), to, { signal })
  await flushFile(path)
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  onBytes?: (done: number) => void
): AsyncGenerator<Uint8Array, void, undefined> {
  let done = 0
  for await (const chunk of source) {
    yield chunk
    onBytes?.((done += chunk.length))
  }
}
