import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { unpack } from '../export/pack/unpack.ts'
import type { FinishedEvent } from './protocol.ts'
import { verifyExport, type VerifyInput } from './verify-export.ts'

export interface VerifyAnyInput extends VerifyInput {
  /** Of an encrypted pack; null where there is none. */
  readonly passphrase: string | null
}

/** Checks an export's folder, or a pack: unpacked into the cache folder, which the caller removes. @throws InputError for what does not fit */
export async function verifyAny(input: VerifyAnyInput): Promise<FinishedEvent> {
  const { folder: path, cacheFolder, passphrase, signal, emit } = input
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false
  )
  if (!isFile) return verifyExport(input)
  const folder = join(cacheFolder, 'unpacked')
  await mkdir(folder)
  const onProgress = (done: number, total: number): void => emit({ event: 'progress', phase: 'checking', done, total })
  await unpack(path, folder, { passphrase, scratch: cacheFolder, signal, onProgress })
  return { ...(await verifyExport({ ...input, folder })), folder: path }
}
