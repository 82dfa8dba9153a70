import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256OfFile, writeJsonAtomic } from '../../base/files.ts'
import { readFile } from '../../base/sealed/fs.ts'
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

/**
 * What the weights are to the last byte, wherever they lie and however old the files are: each file's name, size and SHA-256. The result is kept in `cacheRoot`
 * under the name of the source, so that the files are read in full once, and again only when their times change.
 * @throws InputError where a file cannot be read, and what `signal` was aborted with
 */
export async function wholeKey(checkpoint: Checkpoint, cacheRoot: string, signal?: AbortSignal): Promise<string> {
  const file = join(cacheRoot, `${await sourceKey(checkpoint)}.json`)
  const kept = await keptIn(file)
  if (kept !== null) return kept
  const hash = createHash('sha256')
  for (const each of inOrder(checkpoint))
    hash.update(JSON.stringify([each.file, each.size, await sha256OfFile(each.path, signal)]))
  const whole = hash.digest('hex')
  // Where it cannot be kept, the files are read once more the next time.
  await mkdir(cacheRoot, { recursive: true })
    .then(() => writeJsonAtomic(file, { whole } satisfies Kept))
    .catch(() => undefined)
  return whole
}

interface Kept {
  readonly whole: string
}

/** Null where nothing is kept, or not as it was written. */
async function keptIn(file: string): Promise<string | null> {
  try {
    const { whole } = JSON.parse(await readFile(file, 'utf8')) as Partial<Kept> // Looked at on the next line.
    return typeof whole === 'string' && /^[0-9a-f]{64}$/.test(whole) ? whole : null
  } catch {
    // Whatever is wrong with it, the answer is to read the files again.
    return null
  }
}
