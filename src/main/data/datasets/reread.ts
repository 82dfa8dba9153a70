import { access } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { ReadAs, ReadPreview } from '../../../preload/contract/data.ts'
import { InputError } from '../../base/errors.ts'
import type { ImportOptions, TableFormat } from '../importers/define-importer.ts'
import { importerFor } from '../importers/index.ts'
import { sheetsOf, xlsxImporter } from '../importers/xlsx.ts'
import { ENCODING_TITLES } from '../source/encoding.ts'
import { TableWriter } from './table-writer.ts'

/** The person's own file as it was copied when it was opened, in the folder of the first version. */
export async function originalIn(folder: string, file: string): Promise<string> {
  const workbook = join(folder, 'table.xlsx')
  const path = await access(workbook).then(
    () => workbook,
    () => join(folder, file)
  )
  await access(path).catch(() => {
    throw new InputError('original-gone', 'The file as it was opened is no longer here. Open it again, then say how to read it.')
  })
  return path
}

const optionsOf = ({ encoding, delimiter, header, sheet }: ReadAs): ImportOptions => ({
  ...(encoding === undefined ? {} : { encoding }),
  ...(delimiter === undefined ? {} : { delimiter }),
  ...(header === undefined ? {} : { header }),
  ...(sheet === undefined ? {} : { sheet })
})

/** Longest cell of a preview. */
const SHOWN_CHARACTERS = 300

/** The first rows as they would be read, and what there is to choose from. Throws an InputError where it cannot be read so. */
export async function previewOf(path: string, read: ReadAs): Promise<ReadPreview> {
  const { format, columns, sample } = await importerFor(path).probe(path, optionsOf(read))
  return {
    columns,
    rows: sample.map(({ values }) => columns.map((name) => (values[name] ?? '').slice(0, SHOWN_CHARACTERS))),
    encoding: format.encoding,
    delimiter: format.delimiter,
    kind: kindOf(path),
    sheets: kindOf(path) === 'workbook' ? await sheetsOf(path) : []
  }
}

/** What kind of file it is, by its ending. */
export function kindOf(path: string): ReadPreview['kind'] {
  const ending = extname(path).toLowerCase()
  if (ending === '.xlsx') return 'workbook'
  return ending === '.jsonl' || ending === '.ndjson' ? 'lines' : 'delimited'
}

export interface Reread {
  /** SHA-256 of the table, in hex. */
  readonly hash: string
  readonly format: TableFormat
  readonly columns: readonly string[]
}

/** Reads the file in the given way and lays it down as JSON Lines at `to`; every row keeps its line. */
export async function rereadTable(path: string, read: ReadAs, to: string): Promise<Reread> {
  const importer = importerFor(path)
  const { format, columns } = await importer.probe(path, optionsOf(read))
  const table = new TableWriter(to)
  try {
    for await (const { line, values } of importer.rows(path, format)) await table.add(line, values)
  } finally {
    await table.close()
  }
  return { hash: table.digest(), format, columns }
}

const DELIMITERS: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' }

/** "Read as Windows-1252, cells divided by semicolon, names in line 2". */
export function readNote({ header, sheet }: ReadAs, { encoding, delimiter }: TableFormat, kind: ReadPreview['kind']): string {
  return [
    `Read as ${kind === 'workbook' ? xlsxImporter.title : ENCODING_TITLES[encoding]}`,
    delimiter !== null && `cells divided by ${DELIMITERS[delimiter] ?? delimiter}`,
    sheet !== undefined && `sheet ${sheet}`,
    header !== undefined && (header === 0 ? 'no line of names' : `names in line ${header}`)
  ]
    .filter((part) => part !== false)
    .join(', ')
}
