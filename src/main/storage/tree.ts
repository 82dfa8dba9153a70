import { createHash } from 'node:crypto'
// eslint-disable-next-line no-restricted-imports -- Files are copied as they lie there: what is encrypted stays so.
import { lstat, mkdir, open, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { freeSpace } from '../base/free-space.ts'
import { quoted, showBytes } from '../base/storage-problem.ts'

/** A file below a folder: its path there with `/` between the parts. */
export interface TreeFile {
  readonly path: string
  readonly bytes: number
}

export interface HashedFile extends TreeFile {
  /** In hex. */
  readonly sha256: string
}

/** Told of how many bytes more are done. */
export type OnBytes = (bytes: number) => void

/** Regular files below a folder, by path; what `isLeftOut` names is not listed. Throws an InputError at a link: a copy without what it points to would not be whole. */
export async function filesBelow(
  folder: string,
  isLeftOut: (path: string) => boolean = () => false
): Promise<readonly TreeFile[]> {
  const found: TreeFile[] = []
  const walk = async (below: string): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(ignoreGone)
    for (const entry of entries ?? []) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (isLeftOut(path)) continue
      if (entry.isDirectory()) await walk(path)
      else if (entry.isSymbolicLink()) throw linked(join(folder, path))
      else if (entry.isFile()) {
        const facts = await lstat(join(folder, path)).catch(ignoreGone)
        if (facts) found.push({ path, bytes: facts.size })
      }
    }
  }
  await walk('')
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}

const linked = (path: string): InputError =>
  new InputError(
    'link',
    `${quoted(path)} is a link, and only files are copied. Put what it points to in its place, then try again.`,
    {
      file: path
    }
  )

const BUFFER = 1 << 20

/** Copies a file's bytes as they are, flushed, and hashes them on the way. A file that grows meanwhile is copied up to some point of its growth. */
export async function copyFile(
  from: string,
  to: string,
  signal: AbortSignal,
  onBytes: OnBytes
): Promise<Omit<HashedFile, 'path'>> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  const hash = createHash('sha256')
  const buffer = new Uint8Array(BUFFER)
  let bytes = 0
  await using source = await open(from, 'r')
  await using target = await open(to, 'wx', 0o600)
  for (;;) {
    signal.throwIfAborted()
    const { bytesRead } = await source.read(buffer)
    if (bytesRead === 0) break
    const part = buffer.subarray(0, bytesRead)
    hash.update(part)
    await target.writeFile(part)
    bytes += bytesRead
    onBytes(bytesRead)
  }
  await target.sync()
  return { bytes, sha256: hash.digest('hex') }
}

/** Reads a file and says what it holds; null where there is none. */
export async function hashFile(path: string, signal: AbortSignal, onBytes: OnBytes): Promise<Omit<HashedFile, 'path'> | null> {
  const hash = createHash('sha256')
  const buffer = new Uint8Array(BUFFER)
  let bytes = 0
  const file = await open(path, 'r').catch(ignoreGone)
  if (!file) return null
  try {
    for (;;) {
      signal.throwIfAborted()
      const { bytesRead } = await file.read(buffer)
      if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') }
      hash.update(buffer.subarray(0, bytesRead))
      bytes += bytesRead
      onBytes(bytesRead)
    }
  } finally {
    await file.close()
  }
}

/** Room that a disk keeps beyond what is written to it. */
const SPARE = 50e6

/** Refuses what would not fit on the disk of `folder`. */
export async function needRoom(folder: string, bytes: number, what: string): Promise<void> {
  const free = await freeSpace(folder)
  if (free >= bytes + SPARE) return
  const sentence = `${what} needs ${showBytes(bytes)}; the disk there has ${showBytes(free)} free. Choose another place, or free some space.`
  throw new InputError('disk-full', sentence)
}

function ignoreGone(error: unknown): null {
  if (['ENOENT', 'ENOTDIR'].includes(systemCodeOf(error) ?? '')) return null
  throw error
}
