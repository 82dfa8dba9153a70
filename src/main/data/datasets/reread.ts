import { readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { DatasetSummary, ReadAs, ReadPreview } from '../../../preload/contract/data.ts'
import { InputError } from '../../base/errors.ts'
import type { OnRejected } from '../documents/rejected.ts'
import { accepted, type ImportOptions, type Row, type TableFormat } from '../importers/define-importer.ts'
import { refuseNested } from '../importers/nested.ts'
import { importerFor } from '../importers/index.ts'
import { openMarksFile } from '../importers/marks/marks-file.ts'
import { flattenWorkbook } from './scan.ts'
import { encodingTitles } from './shelf.ts'
import { TableWriter } from './table-writer.ts'

/** The person's own file as it was copied when it was opened, in the folder of the first version. */
export async function originalIn(folder: string, file: string): Promise<string> {
  const names = await readdir(folder).catch((): string[] => [])
  const original = names.find((name) => name.startsWith('table.') && name !== file) ?? names.find((name) => name === file)
  if (original !== undefined) return join(folder, original)
  throw new InputError('original-gone', 'The file as it was opened is no longer here. Open it again, then say how to read it.')
}

/** A table that is laid down anew beside the person's file: read in another way, or out of another program's marks. */
const REREAD = 'reread.jsonl'
const MARKS = 'marks.jsonl'

export interface Rereading {
  /** Is told of rows that are left out, where `read` says that they may be. */
  readonly onRejected?: OnRejected
  /** Is told every few thousand rows how many there are so far. */
  readonly onRows?: (rows: number) => void
  readonly signal?: AbortSignal
}

/**
 * Lays the copy of a file down as JSON Lines where it does not stream (a workbook) or is to be read as the person says. Resolves to the table's name in
 * the folder, and how the file was read where the table itself no longer tells.
 */
export async function flatten(
  folder: string,
  copy: string,
  read: ReadAs,
  options: Rereading = {}
): Promise<{ readonly file: string; readonly readAs: DatasetSummary['readAs'] | null }> {
  const isWorkbook = extname(copy) === '.xlsx'
  if (Object.keys(read).length === 0) {
    if (!isWorkbook) return flattenMarks(folder, copy, options)
    await flattenWorkbook(join(folder, copy), join(folder, 'table.jsonl'), options.signal)
    return { file: 'table.jsonl', readAs: WORKBOOK }
  }
  const { format } = await rereadTable(join(folder, copy), read, join(folder, REREAD), options)
  const readAs = isWorkbook ? WORKBOOK : { encoding: encodingTitles[format.encoding], delimiter: format.delimiter }
  return { file: REREAD, readAs }
}

/** Lays down what another program marked, so that a later Attune that recognises more does not read it differently. */
async function flattenMarks(folder: string, copy: string, options: Rereading): ReturnType<typeof flatten> {
  const marks = await openMarksFile(join(folder, copy), options.signal)
  if (marks === null) return { file: copy, readAs: null }
  const { format } = await rereadTable(join(folder, copy), {}, join(folder, MARKS), options)
  return { file: MARKS, readAs: { encoding: `marks of ${marks.title}, ${encodingTitles[format.encoding]}`, delimiter: null } }
}

/** A workbook has no encoding of its own to speak of. */
export const WORKBOOK: DatasetSummary['readAs'] = { encoding: 'an Excel workbook', delimiter: null }

const optionsOf = ({ encoding, delimiter, header, sheet, leaveOut }: ReadAs): ImportOptions => ({
  ...(encoding === undefined ? {} : { encoding }),
  ...(delimiter === undefined ? {} : { delimiter }),
  ...(header === undefined ? {} : { header }),
  ...(sheet === undefined ? {} : { sheet }),
  ...(leaveOut === true ? { leaveOut } : {})
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
    kind: format.marks === undefined ? kindOf(path) : 'lines',
    sheets: kindOf(path) === 'workbook' ? await (await import('../importers/xlsx.ts')).sheetsOf(path) : []
  }
}

function kindOf(path: string): ReadPreview['kind'] {
  const ending = extname(path).toLowerCase()
  if (ending === '.xlsx') return 'workbook'
  return ending === '.jsonl' || ending === '.ndjson' ? 'lines' : 'delimited'
}

const TOLD_EVERY = 5000

export interface Reread {
  /** SHA-256 of the table, in hex. */
  readonly hash: string
  readonly format: TableFormat
  readonly columns: readonly string[]
}

/**
 * Reads the file in the given way and lays it down as JSON Lines at `to`; every row keeps its line. Rows that cannot be read are left out where `read`
 * says so; otherwise the first one ends the reading with an InputError.
 */
export async function rereadTable(
  path: string,
  read: ReadAs,
  to: string,
  { onRejected, onRows, signal }: Rereading = {}
): Promise<Reread> {
  const importer = importerFor(path)
  const { format, columns } = await importer.probe(path, optionsOf(read), signal)
  const table = new TableWriter(to)
  try {
    // Documents that another program's file holds are always passed over where they cannot be used.
    const passesOver = read.leaveOut === true || format.marks !== undefined
    const rows = importer.rows(path, format, signal, passesOver ? (onRejected ?? (() => undefined)) : undefined)
    for await (const row of rows) {
      const whole = (): Row => {
        refuseNested(path, row, columns)
        return row
      }
      const kept = read.leaveOut === true && onRejected ? accepted(path, `line ${row.line}`, onRejected, whole) : whole()
      if (kept === null) continue
      await table.add(kept.line, kept.values)
      if (table.count % TOLD_EVERY === 0) onRows?.(table.count)
    }
  } finally {
    await table.close()
  }
  return { hash: table.digest(), format, columns }
}

const DELIMITERS: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' }

/** "Read as Windows-1252, cells divided by semicolon, names in line 2"; "Read from sheet 2". */
export function readNote({ header, sheet, leaveOut }: ReadAs, { encoding, delimiter }: TableFormat, isWorkbook: boolean): string {
  return [
    isWorkbook ? `Read from sheet ${sheet ?? 1}` : `Read as ${encodingTitles[encoding]}`,
    delimiter !== null && `cells divided by ${DELIMITERS[delimiter] ?? delimiter}`,
    header !== undefined && (header === 0 ? 'no line of names' : `names in line ${header}`),
    leaveOut === true && 'rows that cannot be read left out'
  ]
    .filter((part) => part !== false)
    .join(', ')
}
