import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { shown } from '../../base/wording.ts'
import type { OnRejected } from '../documents/rejected.ts'
import { importerAt } from '../importers/at.ts'
import { parseSpans, type MarkedDocument } from '../spans/span.ts'

/** The columns of a table that hold texts and their marks. */
export interface MarkColumns {
  readonly text: string
  readonly spans: string
}

/**
 * The marked documents of a file: one of the formats that other programs write, or a table with a column of marks. Rows whose cell of
 * marks is empty are left out: nobody has looked at them. Throws an InputError where the file has no such columns.
 */
export async function* markedDocuments(
  path: string,
  { text, spans }: MarkColumns,
  onRejected: OnRejected = () => undefined
): AsyncGenerator<MarkedDocument> {
  const importer = await importerAt(path)
  const { format, columns } = await importer.probe(path)
  const name = basename(path)
  const missing = [text, spans].find((column) => !columns.includes(column))
  if (missing !== undefined) {
    const message = `${name} holds no marks: it has no column ${shown(missing)}. Name a file of marks, or the columns with --text and --spans.`
    const inApp = `${name} holds no marks: it has no column ${shown(missing)}. Name a file of marks, or a table with such a column.`
    throw new InputError('data_marks_missing', message, { file: path, inApp })
  }
  for await (const { line, values } of importer.rows(path, format, undefined, onRejected)) {
    const [read, cell] = [values[text] ?? '', values[spans] ?? '']
    if (cell.trim() === '') continue
    yield {
      id: values['id'] ?? values['file']?.replace(/\.[^./]*$/, '') ?? String(line),
      text: read,
      spans: parseSpans(read, cell, { file: name, line, column: spans })
    }
  }
}
