import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** Lists the stand-in pages in a folder with their hashes, as the build lists the real ones. */
export async function listPages(folder: string): Promise<void> {
  const list: Record<string, string> = {}
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    // A list from before is not a page.
    if (!entry.isFile() || entry.name === 'pages.json') continue
    const path = join(entry.parentPath, entry.name)
    list[path.slice(folder.length).replaceAll(sep, '/')] = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
  }
  await writeFile(join(folder, 'pages.json'), JSON.stringify(list))
}
