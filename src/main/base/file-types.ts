import { basename, extname } from 'node:path'
import { InputError } from './errors.ts'
import { shown } from './wording.ts'

/** Endings of tables that can be read, and of documents that are one text each. */
export const TABLE_ENDINGS: readonly string[] = ['.csv', '.tsv', '.tab', '.jsonl', '.ndjson', '.xlsx']
export const DOCUMENT_ENDINGS: readonly string[] = ['.txt', '.text', '.md']

const OFFICE = 'Open it where it was written and save its text as .txt (UTF-8).'

/** What helps with files that people bring instead. */
const ADVICE: Readonly<Record<string, string>> = {
  '.xls': 'Open the workbook and save it as XLSX, or the sheet as CSV (UTF-8).',
  '.ods': 'Open the workbook and save the sheet as CSV (UTF-8).',
  '.json': 'Write one JSON object per line and name the file .jsonl.',
  '.attune': 'It is a pack of Attune: import it in the Library.',
  '.pdf': 'Copy its text into a table, or save it as a text file (.txt).',
  '.doc': OFFICE,
  '.docx': OFFICE,
  '.odt': OFFICE,
  '.rtf': OFFICE,
  '.zip': 'Unpack it first and bring the table in it.',
  '.gz': 'Unpack it first and bring the table in it.',
  '.parquet': 'Export it as CSV or JSON Lines.',
  '.sav': 'Export it as CSV (UTF-8).',
  '.dta': 'Export it as CSV (UTF-8).'
}

/** The refusal of a file by its ending, with what helps. */
export function notATable(path: string): InputError {
  const extension = extname(path).toLowerCase()
  const kind = extension === '' ? 'A file without an extension' : `A file of type ${shown(extension)}`
  const advice = Object.hasOwn(ADVICE, extension) ? ADVICE[extension] : `Known types are ${TABLE_ENDINGS.join(', ')}.`
  return new InputError('data_file_type', `${kind} cannot be read as a table (${basename(path)}). ${advice}`, { file: path })
}
