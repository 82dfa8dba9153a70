import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of a file, or of all files in a folder; 0 where there is none. Links are counted as themselves. */
export async function sizeOf(path: string): Promise<number> {
  const found = await lstat(path).catch(() => null)
  if (!found) return 0
  if (!found.isDirectory()) return found.size
  let bytes = 0
  // A file that goes meanwhile counts nothing.
  for (const name of await readdir(path).catch(() => [])) bytes += await sizeOf(join(path, name))
  return bytes
}
