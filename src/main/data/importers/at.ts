import { stat } from 'node:fs/promises'
import type { Importer } from './define-importer.ts'
import { folderImporter } from './folder.ts'
import { importerFor } from './index.ts'

/** The importer for what lies at a path: a folder's, or the one for the file. */
export async function importerAt(path: string): Promise<Importer> {
  const found = await stat(path).catch(() => null)
  return found?.isDirectory() === true ? folderImporter : importerFor(path)
}
