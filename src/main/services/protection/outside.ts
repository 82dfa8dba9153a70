import { randomBytes } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join, parse, relative, resolve, sep } from 'node:path'
import { keyIdOf } from '../../base/sealed/convert.ts'
import { keyRing } from '../../base/sealed/key-ring.ts'
import type { Vault } from '../../vault/vault.ts'
import { ProjectKeys } from './project-keys.ts'
import { sealingOf } from './ring.ts'

/**
 * Has a process without the record read and write in an encrypted data folder: the command line. Which project a run belongs to is told by the key that
 * its files have.
 */
export async function useKeysOf(vault: Vault, dataFolder: string, paths: readonly string[]): Promise<void> {
  const keys = new ProjectKeys(vault, dataFolder)
  const passing = { id: randomBytes(16).toString('hex'), hex: randomBytes(32).toString('hex') }
  const sealing = sealingOf(vault, keys, dataFolder, passing)
  keyRing.use(sealing)
  for (const path of paths) {
    const [top, entry] = relative(dataFolder, resolve(path)).split(sep)
    if (top === undefined || top === '..' || entry === undefined) continue
    const keyId = await keyIdBelow(join(dataFolder, top, entry))
    const owner = sealing.projects.find((each) => each.keyId === keyId)
    if (owner) keyRing.belong({ id: parse(entry).name, project: owner.project })
  }
  // Beside the run it would be sealed, and the computing library maps prepared weights by path.
  process.env['ATTUNE_CACHE'] ??= join(dataFolder, 'cache')
}

/** The key of a file, or of the first sealed file directly in a folder. */
async function keyIdBelow(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null)
  const files = found?.isDirectory() === true ? (await readdir(path)).map((name) => join(path, name)) : [path]
  for (const file of files) {
    const id = await keyIdOf(file)
    if (id !== null && id !== undefined) return id
  }
  return null
}
