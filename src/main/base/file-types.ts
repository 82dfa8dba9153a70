import { basename, extname } from 'node:path'
import { InputError } from './errors.ts'
import { shown } from './wording.ts'

/** Endings of tables that can be read, and of documents that are one text each. */
export const TABLE_ENDINGS: readonly string[] = [
  '.csv',
  '.tsv',
  '.tab',
  '.jsonl',
  '.ndjson',
  '.json',
  '.parquet',
  '.arrow',
  '.feather',
  '.xlsx'
]
/** Endings of files of tagged words. */
export const TAGGED_ENDINGS: readonly string[] = ['.conll', '.conllu', '.bio', '.iob', '.iob2', '.bilou', '.iobes', '.ner']
export const DOCUMENT_ENDINGS: readonly string[] = ['.txt', '.text', '.md', '.markdown', '.docx', '.pdf', '.eml', '.html', '.htm']

const DOCUMENT = 'It is a document: bring the folder in which it lies with others; each becomes a row.'
const OFFICE = 'Open it where it was written and save it as DOCX, PDF or TXT.'

/** What helps with files that people bring instead. */
const ADVICE: Readonly<Record<string, string>> = {
  '.xls': 'Open the workbook and save it as XLSX, or the sheet as CSV (UTF-8).',
  '.ods': 'Open the workbook and save the sheet as CSV (UTF-8).',
  '.attune': 'It is a pack of Attune: import it in the Library.',
  ...Object.fromEntries(DOCUMENT_ENDINGS.map((ending) => [ending, DOCUMENT])),
  '.doc': OFFICE,
  '.odt': OFFICE,
  '.rtf': OFFICE,
  '.zip': 'Unpack it first and bring the table in it.',
  '.gz': 'Unpack it first and bring the table in it.',
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
