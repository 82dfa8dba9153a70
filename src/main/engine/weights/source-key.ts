import { createHash } from 'node:crypto'
import type { Checkpoint, CheckpointFile } from './checkpoint-folder.ts'
import { compareNames } from './elements.ts'
import { openRegularFile, readAt } from './regular-file.ts'

/** The layout of prepared folders. A new number leaves old folders unused. */
export const preparedFormat = 'attune-prepared-1'

/** SHA-256 over 64 blocks of 4 KiB, evenly spaced from the first to the last byte (all of a file up to 256 KiB). */
export async function hashSamples(file: CheckpointFile, blocks = 64, blockBytes = 4096): Promise<string> {
  const { handle } = await openRegularFile(file.path)
  try {
    const hash = createHash('sha256')
    const buffer = new Uint8Array(file.size <= blocks * blockBytes ? file.size : blockBytes)
    const last = file.size - buffer.byteLength
    for (let block = 0; block < (last === 0 ? 1 : blocks); block++) {
      const length = await readAt(handle, buffer, Math.floor((last * block) / (blocks - 1)))
      hash.update(buffer.subarray(0, length))
    }
    return hash.digest('hex')
  } finally {
    await handle.close()
  }
}

/** What the weights are, wherever they lie and however old the files are: each file's name, size, whole header and samples of its content. */
export async function contentKey(checkpoint: Checkpoint): Promise<string> {
  const hash = createHash('sha256')
  for (const file of inOrder(checkpoint))
    hash.update(JSON.stringify([file.file, file.size, file.headerHash, await hashSamples(file)]))
  return hash.digest('hex')
}

const inOrder = ({ files }: Checkpoint): CheckpointFile[] => [...files].sort((a, b) => compareNames(a.file, b.file))

/**
 * The name of the prepared folder: a hash of what the source is. Hashing gigabytes at every start would cost more than it protects, so
 * the key covers each file's name, size and time of change, its whole header, and samples of its content; an edit that keeps size and
 * time and misses all samples goes unseen. The folder's place is not part of it: a moved model keeps its copy.
 */
export async function sourceKey(checkpoint: Checkpoint): Promise<string> {
  const hash = createHash('sha256').update(preparedFormat)
  for (const file of inOrder(checkpoint)) {
    hash.update(JSON.stringify([file.file, file.size, String(file.mtimeNs), file.headerHash, await hashSamples(file)]))
  }
  return hash.digest('hex').slice(0, 32)
}
