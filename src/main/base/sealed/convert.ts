import { lstatSync, renameSync, rmSync, type Stats } from 'node:fs'
import { lstat, readdir, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { open as openPlain } from 'node:fs/promises'
import { isSealed } from './format.ts'
import { keyRing } from './key-ring.ts'
import { headerBytes } from './reader.ts'
import { SealedWriter } from './writer.ts'

const BUFFER = 1 << 20
const ASIDE = '.sealing'

/** Paths below `folder` of plain files that would be sealed if they were written now. Half-done work of an earlier call goes. */
export async function* plainFiles(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* plainFiles(path)
    else if (!entry.isFile() || !keyRing.keyFor(path)) continue
    else if (entry.name.endsWith(ASIDE)) await rm(path, { force: true })
    else if (await isPlain(path)) yield path
  }
}

async function isPlain(path: string): Promise<boolean> {
  try {
    await using handle = await openPlain(path)
    return !isSealed(await headerBytes(handle))
  } catch {
    // It went away in the meantime, or nobody may read it.
    return false
  }
}

/**
 * Seals a plain file where it lies: a sealed copy beside it, flushed, then renamed over it, so that there is the one or the other at any moment. Its rights
 * and the time of its last change stay. A file that goes away meanwhile is none to seal.
 */
export async function sealInPlace(path: string): Promise<void> {
  const key = keyRing.keyFor(path)
  const facts = await lstat(path).catch(() => null)
  if (!key || !facts) return
  const aside = `${path}${ASIDE}`
  await rm(aside, { force: true })
  try {
    await using from = await openPlain(path)
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
