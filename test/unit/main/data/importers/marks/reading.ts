import { importerFor } from '../../../../../../src/main/data/importers/index.ts'
import type { ImportOptions } from '../../../../../../src/main/data/importers/define-importer.ts'
import type { Rejected } from '../../../../../../src/main/data/documents/rejected.ts'
import { parseSpans } from '../../../../../../src/main/data/spans/span.ts'

/** A file of marks as an importer gives it: each row with its marked passages, and what was left out. */
export async function readMarks(path: string, options: ImportOptions = {}) {
  const importer = importerFor(path)
  const { format, columns } = await importer.probe(path, options)
  const rejected: Rejected[] = []
  const rows = []
  for await (const { line, values } of importer.rows(path, format, undefined, (each) => rejected.push(each))) {
    const text = values['text'] ?? ''
    const spans = parseSpans(text, values['spans'] ?? '', { file: path, line, column: 'spans' })
    rows.push({ line, values: { ...values }, marks: spans.map(({ start, end, label }) => `${label}:${text.slice(start, end)}`) })
  }
  return { marks: format.marks, columns, rows, left: rejected.map(({ place, reason }) => `${place ?? ''}: ${reason}`) }
}
