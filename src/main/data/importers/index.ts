import { basename, extname } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { shown } from '../../base/wording.ts'
import { csvImporter } from './csv.ts'
import type { Importer } from './define-importer.ts'
import { jsonlImporter } from './jsonl.ts'
import { xlsxImporter } from './xlsx.ts'

export const importers: readonly Importer[] = [csvImporter, jsonlImporter, xlsxImporter]

const ADVICE: Readonly<Record<string, string>> = {
  '.xls': 'Open the workbook and save it as XLSX, or the sheet as CSV (UTF-8).',
  '.ods': 'Open the workbook and save the sheet as CSV (UTF-8).',
  '.json': 'Write one JSON object per line and name the file .jsonl.'
}

/** The importer for a file, by its extension. Throws an `InputError` listing the known extensions. */
export function importerFor(path: string): Importer {
  const extension = extname(path).toLowerCase()
  const found = importers.find((importer) => importer.extensions.includes(extension))
  if (found) return found
  const known = importers.flatMap((importer) => importer.extensions).join(', ')
  const kind = extension === '' ? 'A file without an extension' : `A file of type ${shown(extension)}`
  const advice = Object.hasOwn(ADVICE, extension) ? ADVICE[extension] : `Known types are ${known}.`
  throw new InputError('data_file_type', `${kind} cannot be read as a table (${basename(path)}). ${advice}`, { file: path })
}
