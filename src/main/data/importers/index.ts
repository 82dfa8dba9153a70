import { extname } from 'node:path'
import { notATable } from '../../base/file-types.ts'
import { csvImporter } from './csv.ts'
import { defineImporter, type Importer, type TableReader } from './define-importer.ts'
import { jsonImporter } from './json.ts'
import { jsonlImporter } from './jsonl.ts'
import { conllImporter, withConll } from './marks/conll.ts'
import { withMarks } from './marks/json-marks.ts'
import { withSquad } from './squad.ts'

/** An importer that is loaded with its first file: its library is of some hundred modules, and most processes never meet such a file. */
function loadedLate(facts: Pick<Importer, 'id' | 'title' | 'extensions'>, load: () => Promise<TableReader>): Importer {
  return defineImporter({
    ...facts,
    probe: async (path, options, signal) => (await load()).probe(path, options, signal),
    async *rows(path, format, signal, onRejected) {
      yield* (await load()).rows(path, format, signal, onRejected)
    }
  })
}

const arrow = { id: 'arrow', title: 'Arrow', extensions: ['.arrow', '.feather'] }
const parquet = { id: 'parquet', title: 'Parquet', extensions: ['.parquet'] }
const xlsx = { id: 'xlsx', title: 'Excel workbook', extensions: ['.xlsx'] }

export const importers: readonly Importer[] = [
  withConll(csvImporter, ['.tsv', '.tab']),
  withMarks(jsonlImporter, 'lines'),
  withSquad(withMarks(jsonImporter, 'list')),
  loadedLate(parquet, async () => (await import('./parquet.ts')).parquetImporter),
  loadedLate(arrow, async () => (await import('./arrow.ts')).arrowImporter),
  loadedLate(xlsx, async () => (await import('./xlsx.ts')).xlsxImporter),
  conllImporter
]

/** The importer for a file, by its extension. Throws an `InputError` listing the known extensions. */
export function importerFor(path: string): Importer {
  const extension = extname(path).toLowerCase()
  const found = importers.find((importer) => importer.extensions.includes(extension))
  if (found) return found
  throw notATable(path)
}
