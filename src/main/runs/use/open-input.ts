import { mkdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { InputError } from '../../base/errors.ts'
import type { ColumnFacts } from '../../data/datasets/column-stats.ts'
import { guessRoles } from '../../data/datasets/roles.ts'
import { RowsWriter } from '../../data/datasets/rows-file.ts'
import { copyHashed, flattenWorkbook, scanTable } from '../../data/datasets/scan.ts'
import { importerFor } from '../../data/importers/index.ts'
import { DEFAULT_LIMITS } from '../../data/limits.ts'
import { inOwnName } from '../../data/own-name.ts'
import { detectEncoding } from '../../data/source/encoding.ts'
import { textOf } from '../../data/source/text.ts'
import type { UsedRun } from './run-facts.ts'

/** A file as a handle stands for it. */
export interface GivenFile {
  readonly path: string
  readonly name: string
}

/** Rows to be answered, laid down for paging. */
export interface UseInputFiles {
  readonly kind: 'table' | 'documents'
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: number
  readonly rowsFile: string
  readonly guess: { readonly text: string; readonly pair: string | null; readonly answer: string | null }
}

type OnRows = (done: number) => void

/** Lays files down in `folder` as rows: one table, or any number of text files. Throws an InputError for anything else. */
export async function openInput(files: readonly GivenFile[], folder: string, run: UsedRun, onRows: OnRows): Promise<UseInputFiles> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const rowsFile = join(folder, 'rows.jsonl')
  const [first] = files
  if (!first) throw new InputError('use-nothing', 'Choose a table or text files to be answered.')
  if (files.every(({ name }) => isText(name))) return openDocuments(files, rowsFile, onRows)
  if (files.length === 1) return openTable(first, folder, rowsFile, run, onRows)
  throw new InputError('use-mixed', 'Bring one table, or text files only: several tables are answered one after the other.')
}

const isText = (name: string): boolean => extname(name).toLowerCase() === '.txt'

async function openDocuments(files: readonly GivenFile[], rowsFile: string, onRows: OnRows): Promise<UseInputFiles> {
  const writer = new RowsWriter(rowsFile)
  try {
    for (const { path, name } of files) {
      await writer.add(writer.count + 1, [name, await documentText(path, name)])
      onRows(writer.count)
    }
  } finally {
    await writer.close()
  }
  const columns = ['document', 'text']
  return { kind: 'documents', name: files[0]?.name ?? '', columns, rows: files.length, rowsFile, guess: { text: 'text', pair: null, answer: null } }
}

async function documentText(path: string, name: string): Promise<string> {
  try {
    const encoding = await detectEncoding(path, undefined, DEFAULT_LIMITS)
    let text = ''
    for await (const piece of textOf(path, encoding)) {
      text += piece
      if (text.length > DEFAULT_LIMITS.rowLength) throw new InputError('use-long', `${name} is too long for one document. Split it first.`)
    }
    return text.trim()
  } catch (error) {
    // An importer names the copy; the person knows the file by its own name.
    throw inOwnName(error, name, path)
  }
}

async function openTable(file: GivenFile, folder: string, rowsFile: string, run: UsedRun, onRows: OnRows): Promise<UseInputFiles> {
  // Refuses an unknown type before anything is copied.
  importerFor(file.name)
  const ending = extname(file.name).toLowerCase()
  const copy = join(folder, `table${ending}`)
  await copyHashed(file.path, copy).catch((error: unknown) => {
    throw inOwnName(error, file.name, file.path)
  })
  const table = ending === '.xlsx' ? join(folder, 'table.jsonl') : copy
  try {
    if (table !== copy) await flattenWorkbook(copy, table)
    const { columns, rows } = await scanTable(table, rowsFile, { onRows })
    if (rows === 0) throw new InputError('data_no_rows', `${file.name} has no rows below its column names.`)
    const names = columns.map(({ name }) => name)
    return { kind: 'table', name: file.name, columns: names, rows, rowsFile, guess: guessed(columns, names, run) }
  } catch (error) {
    throw inOwnName(error, file.name, copy)
  }
}

/** The columns that the run was trained on where the table has them; else what looks like it. */
function guessed(facts: readonly ColumnFacts[], names: readonly string[], run: UsedRun): UseInputFiles['guess'] {
  const has = (name: string | null): name is string => name !== null && names.includes(name)
  const roles = guessRoles(facts)
  const text = has(run.text) ? run.text : (roles.text ?? names[0] ?? '')
  const answer = has(run.label) && run.label !== text ? run.label : null
  return { text, pair: has(run.pair) ? run.pair : null, answer }
}
