import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { requireStrong } from '../export/pack/age.ts'
import { PACK_ENDING, type PackContent } from '../export/pack/layout.ts'
import { unpack } from '../export/pack/unpack.ts'
import { writePack } from '../export/pack/write-pack.ts'

export interface PackExportOptions {
  readonly holds: PackContent
  /** Null for a pack that everyone can read. */
  readonly passphrase: string | null
  readonly cacheFolder: string
  readonly signal: AbortSignal
  /** Bytes that are unpacked again, and in all. */
  readonly onProgress: (done: number, total: number) => void
}

/** @throws InputError for a name that no pack has, or a passphrase that is guessed too easily */
export function requirePackable(target: string, passphrase: string | null): void {
  if (passphrase !== null) requireStrong(passphrase)
  if (target.endsWith(PACK_ENDING)) return
  const sentence = `A pack is one file whose name ends in ${PACK_ENDING}. Name it ${basename(target)}${PACK_ENDING}.`
  throw new InputError('pack-name', sentence, { file: target })
}

/**
 * Makes a pack at `path` of the folder that `write` makes, and opens it again: what is unpacked from it is, by every hash of its manifest, what `write`
 * has replayed. Resolves to what `write` does.
 */
export async function packExport<T>(path: string, options: PackExportOptions, write: (folder: string) => Promise<T>): Promise<T> {
  const { holds, passphrase, cacheFolder, signal, onProgress } = options
  // Among the prepared weights, which stay plain, and away from the target: that may be a stick, on which nothing is ever quite deleted.
  const scratch = join(cacheFolder, 'weights', `pack-${process.pid}`)
  const [folder, again] = [join(scratch, holds), join(scratch, 'again')]
  try {
    await mkdir(scratch, { recursive: true, mode: 0o700 })
    const result = await write(folder)
    await writePack(folder, path, { holds, passphrase, signal })
    await rm(folder, { recursive: true })
    await mkdir(again)
    await unpack(path, again, { passphrase, scratch, signal, onProgress })
    return result
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
