import { InputError } from '../../base/errors.ts'
import { freeSpace } from '../../base/free-space.ts'
import { quoted, showBytes } from '../../base/storage-problem.ts'

/** Bytes that may still be written where a folder lies; injected by tests. */
export type FreeBytes = (folder: string) => Promise<number>

/** Predicts a full disk instead of meeting it. `folder` must be there. @throws InputError naming what is needed and what is free */
export async function requireSpace(folder: string, bytes: number, freeBytes: FreeBytes = freeSpace): Promise<void> {
  const there = await freeBytes(folder)
  if (bytes <= there) return
  const rest = `needs ${showBytes(bytes)}, and ${showBytes(there)} are free there. Free some space and try again.`
  const sentence = `Unpacking to the disk that holds ${quoted(folder)} ${rest}`
  throw new InputError('pack-disk', sentence, { file: folder, inApp: `Unpacking to the disk of the data folder ${rest}` })
}
