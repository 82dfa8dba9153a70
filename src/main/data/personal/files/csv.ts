import { basename } from 'node:path'
import { csvImporter } from '../../importers/csv.ts'
import { writeCsv } from '../../write-csv.ts'
import { holdsMarks, MARKS_NOTE, type FileCleaner } from './define-cleaner.ts'
import { cleanRows, planFor } from './table-rows.ts'

/** Tables as text, in UTF-8 and with the delimiter that they had. */
export const csvCleaner: FileCleaner = {
  endings: ['.csv', '.tsv', '.tab'],
  async clean(from, to, job) {
    const { format, columns } = await csvImporter.probe(from, {}, job.signal)
    const plan = planFor(columns, job, basename(from))
    let marked = 0
    const cells = async function* (): AsyncGenerator<string[], void, undefined> {
      for await (const { values } of csvImporter.rows(from, format, job.signal)) {
        const row = columns.map((name) => values[name] ?? '')
        if (row.some(holdsMarks)) marked++
        yield row
      }
    }
    const options = { ...(format.delimiter !== null && { delimiter: format.delimiter }), signal: job.signal }
    await writeCsv(to, columns, cleanRows(cells(), plan, job), options)
    return { notes: [...plan.notes, ...(marked > 0 ? [MARKS_NOTE] : [])], columns }
  }
}
