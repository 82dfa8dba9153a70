import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { readKeysFile } from '../vault/keys-file.ts'
import { copyFile, filesBelow, hashFile, type HashedFile, type OnBytes, type TreeFile } from './tree.ts'

export interface TreeCopy {
  readonly from: string
  readonly to: string
  readonly isLeftOut: (path: string) => boolean
  readonly signal: AbortSignal
  readonly onBytes: OnBytes
}

/** Times that a part which changes under the copying hand is begun again. */
const ATTEMPTS = 5

/**
 * Copies a folder whose runs may go on meanwhile. Each run, data set and entry of the bin is copied whole: where files of it came or went
 * during the copying, as when a checkpoint takes the place of another, that part is copied again.
 */
export async function copyTree(copy: TreeCopy): Promise<readonly HashedFile[]> {
  const parts = Map.groupBy(await filesBelow(copy.from, copy.isLeftOut), ({ path }) => partOf(path))
  const copied: HashedFile[] = []
  // The keys come last: whatever was copied before them was sealed with one of them.
  const inOrder = [...parts].sort(([a], [b]) => Number(a === KEYS) - Number(b === KEYS))
  for (const [part, files] of inOrder) copied.push(...(await copyPart(copy, part, files)))
  return copied
}

/** `runs/r-1-1/checkpoints/…` belongs to `runs/r-1-1`, `keys.json` to itself. */
const partOf = (path: string): string => path.split('/').slice(0, 2).join('/')

async function copyPart(copy: TreeCopy, part: string, first: readonly TreeFile[]): Promise<readonly HashedFile[]> {
  const { from, to, isLeftOut } = copy
  let files = first
  for (let attempt = 1; ; attempt++) {
    const copied = await copyFiles(copy, files)
    const now = files.length === 1 && files[0]?.path === part ? files : await filesOf(from, part, isLeftOut)
    const isSame = copied.length === now.length && now.every(({ path }, i) => copied[i]?.path === path)
    if (isSame || attempt === ATTEMPTS) return copied
    await rm(join(to, part), { recursive: true, force: true })
    files = now
  }
}

async function filesOf(from: string, part: string, isLeftOut: (path: string) => boolean): Promise<readonly TreeFile[]> {
  const below = await filesBelow(join(from, part), (path) => isLeftOut(`${part}/${path}`))
  return below.map(({ path, bytes }) => ({ path: `${part}/${path}`, bytes }))
}

/** What is gone by the time it would be copied is left out. */
async function copyFiles({ from, to, signal, onBytes }: TreeCopy, files: readonly TreeFile[]): Promise<readonly HashedFile[]> {
  const copied: HashedFile[] = []
  for (const { path } of files) {
    try {
      copied.push({ path, ...(await copyFile(join(from, path), join(to, path), signal, onBytes)) })
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') throw error
    }
  }
  return copied
}

/** Reads every file again and refuses a copy that is not what was written. */
export async function verifyTree(
  folder: string,
  files: readonly HashedFile[],
  signal: AbortSignal,
  onBytes: OnBytes
): Promise<void> {
  for (const { path, bytes, sha256 } of files) {
    const found = await hashFile(join(folder, path), signal, onBytes)
    if (found?.bytes === bytes && found.sha256 === sha256) continue
    const sentence =
      'What was written is not what can be read there: the disk may be failing. Nothing of yours was changed; use another disk.'
    throw new InputError('copy-damaged', sentence, { file: join(folder, path) })
  }
}

/**
 * Refuses a copy during which the folder was encrypted, so that some of its files may be sealed with keys that it does not hold, or during which a key was
 * destroyed that it still holds.
 */
export async function refuseOtherKeys(from: string, copy: string): Promise<void> {
  const [now, copied] = [await readKeysFile(join(from, KEYS)), await readKeysFile(join(copy, KEYS))]
  const ids = new Set(Object.values(now?.keys ?? {}).map(({ id }) => id))
  const isSame = now?.vault === copied?.vault && Object.values(copied?.keys ?? {}).every(({ id }) => ids.has(id))
  if (isSame) return
  throw new InputError('keys-changed', 'Encryption was changed while the backup was made. Nothing was lost; back up again.')
}

const KEYS = 'keys.json'
