import { extname } from 'node:path'
import { notATable } from '../../base/file-types.ts'
import { arrowImporter } from './arrow.ts'
import { csvImporter } from './csv.ts'
import type { Importer } from './define-importer.ts'
import { jsonImporter } from './json.ts'
import { jsonlImporter } from './jsonl.ts'
import { conllImporter, withConll } from './marks/conll.ts'
import { withMarks } from './marks/json-marks.ts'
import { parquetImporter } from './parquet.ts'
import { withSquad } from './squad.ts'
import { xlsxImporter } from './xlsx.ts'

export const importers: readonly Importer[] = [
  withConll(csvImporter, ['.tsv', '.tab']),
  withMarks(jsonlImporter, 'lines'),
  withSquad(withMarks(jsonImporter, 'list')),
  parquetImporter,
  arrowImporter,
  xlsxImporter,
  conllImporter
]

/** The importer for a file, by its extension. Throws an `InputError` listing the known extensions. */
export function importerFor(path: string): Importer {
  const extension = extname(path).toLowerCase()
  const found = importers.find((importer) => importer.extensions.includes(extension))
  if (found) return found
  throw notATable(path)
}
