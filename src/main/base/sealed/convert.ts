import { lstatSync, renameSync, rmSync, type Stats } from 'node:fs'
import { lstat, readdir, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { open as openPlain } from 'node:fs/promises'
import { isSealed, readHeader } from './format.ts'
import { open } from './fs.ts'
import { keyRing } from './key-ring.ts'
import { headerBytes } from './reader.ts'
import { SealedWriter } from './writer.ts'

const BUFFER = 1 << 20
const ASIDE = '.sealing'

/**
 * Paths below `folder` of files that would be sealed otherwise if they were written now: plain ones, and those with the key of another place. What was
 * sealed with a key that this process does not have is left alone, and so is what a project's key sealed in a shared place, such as a cache. Half-done work of an earlier call goes, and so do files of the `destroyed` keys.
 */
export async function* filesToSeal(folder: string, destroyed: ReadonlySet<string> = new Set()): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const path = join(folder, entry.name)
    const key = keyRing.keyFor(path)
    if (entry.isDirectory()) yield* filesToSeal(path, destroyed)
    else if (!entry.isFile() || !key) continue
    else if (entry.name.endsWith(ASIDE)) await rm(path, { force: true })
    else {
      const found = await keyIdOf(path)
      if (found === null || (found !== undefined && keyRing.replaces(key.id, found))) yield path
      else if (found !== undefined && destroyed.has(found)) await rm(path, { force: true })
    }
  }
}

/** Deletes the files below a folder that were sealed with one of these keys. */
export async function removeSealedWith(folder: string, destroyed: ReadonlySet<string>): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name)
    if (destroyed.has((await keyIdOf(path)) ?? '')) await rm(path, { force: true })
  }
}

/** The id of the key that a file names; null for a plain one; undefined where it went away in the meantime, nobody may read it, or its start is damaged. */
export async function keyIdOf(path: string): Promise<string | null | undefined> {
  try {
    await using handle = await openPlain(path)
    const start = await headerBytes(handle)
    return isSealed(start) ? readHeader(start)?.keyId : null
  } catch {
    return undefined
  }
}

/**
 * Seals a file where it lies, with the key of its place: a sealed copy beside it, flushed, then renamed over it, so that there is the one or the other at any moment. Its rights
 * and the time of its last change stay. A file that goes away meanwhile is none to seal.
 */
export async function sealInPlace(path: string): Promise<void> {
  const key = keyRing.keyFor(path)
  const facts = await lstat(path).catch(() => null)
  if (!key || !facts) return
  const aside = `${path}${ASIDE}`
  await rm(aside, { force: true })
  try {
    await using from = await open(path)
    const handle = await openPlain(aside, 'wx+', facts.mode & 0o777)
    const to = await SealedWriter.open(handle, aside, key)
    try {
      const buffer = new Uint8Array(BUFFER)
      for (;;) {
        const { bytesRead } = await from.read(buffer, 0, BUFFER, null)
        if (bytesRead === 0) break
        await to.write(buffer, 0, bytesRead)
      }
      await to.sync()
    } finally {
      await to.close()
    }
    await utimes(aside, facts.atime, facts.mtime)
    replaceUnchanged(aside, path, facts)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}

/**
 * Puts the sealed copy in place of the file it was made from. Where somebody wrote another file there meanwhile, that one is newer, and sealed already.
 * Nothing is awaited between the look and the rename.
 */
function replaceUnchanged(aside: string, path: string, before: Stats): void {
  const now = lstatSync(path, { throwIfNoEntry: false })
  const isSame = now?.ino === before.ino && now.mtimeMs === before.mtimeMs && now.size === before.size
  if (isSame) renameSync(aside, path)
  else rmSync(aside)
}
