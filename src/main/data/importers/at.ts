import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Importer } from './define-importer.ts'
import { folderImporter } from './folder.ts'
import { importerFor } from './index.ts'
import { conllImporter } from './marks/conll.ts'
import { conllLayoutOf } from './marks/conll-layout.ts'

/** The importer for what lies at a path: a folder's, or the one for the file. */
export async function importerAt(path: string): Promise<Importer> {
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory() === true) return folderImporter
  // CoNLL's own files are called train.txt; any other text file is a document and no table.
  if (extname(path).toLowerCase() === '.txt' && found?.isFile() === true && (await conllLayoutOf(path))) return conllImporter
  return importerFor(path)
}
