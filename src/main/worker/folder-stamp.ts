import { readdir, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { systemCodeOf } from '../base/errors.ts'

/** Folders in folders that are looked into: the checkpoints of a run's seeds lie three deep. */
const DEPTH = 3

/** Size, time and number of every file below a folder: equal as long as nobody has changed it. Empty where it is not there. */
export async function folderStamp(folder: string): Promise<string> {
  const names = await namesBelow(folder)
  const lines = await Promise.all(
    names.sort().map(async (name) => {
      const found = await stat(join(folder, name), { bigint: true }).catch(nothingThere)
      return found === null ? `${name} gone` : `${name} ${found.size} ${found.mtimeNs} ${found.ino}`
    })
  )
  return lines.join('\n')
}

async function namesBelow(folder: string, within = '', depth = 0): Promise<string[]> {
  const entries = (await readdir(join(folder, within), { withFileTypes: true }).catch(nothingThere)) ?? []
  const below = await Promise.all(
    entries.map(async (entry) => {
      const name = within === '' ? entry.name : `${within}${sep}${entry.name}`
      if (!entry.isDirectory()) return [name]
      return depth < DEPTH ? namesBelow(folder, name, depth + 1) : []
    })
  )
  return below.flat()
}

function nothingThere(error: unknown): null {
  const code = systemCodeOf(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return null
  throw error
}
