import { mkdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { UseJob } from '../../../preload/contract/use.ts'
import { InputError } from '../../base/errors.ts'
import { looksLike, type ColumnFacts } from '../../data/datasets/column-stats.ts'
import { guessRoles } from '../../data/datasets/roles.ts'
import { copyHashed, flattenWorkbook, scanTable } from '../../data/datasets/scan.ts'
import { documentKind } from '../../data/documents/kinds.ts'
import { noDocuments } from '../../data/importers/folder.ts'
import { importerFor } from '../../data/importers/index.ts'
import type { Laying } from '../../data/intake/laying.ts'
import { readRejected } from '../../data/intake/rejected-file.ts'
import { inOwnName } from '../../data/own-name.ts'
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
  readonly leftOut: UseJob['leftOut']
}

type OnRows = (done: number) => void

/** How many of what was left out are named. */
const MOST_NAMED = 20

/** Lays files down in `folder` as rows: one table, or any number of documents. Throws an InputError for anything else. */
export async function openInput(
  files: readonly GivenFile[],
  folder: string,
  run: UsedRun,
  { onRows, laying }: { readonly onRows: OnRows; readonly laying: Pick<Laying, 'documents'> }
): Promise<UseInputFiles> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const [first] = files
  if (!first) throw new InputError('use-nothing', 'Choose a table or documents to be answered.')
  if (files.every(({ name }) => documentKind(name) !== null)) return openDocuments(files, folder, laying, onRows)
  if (files.length === 1) return openTable(first, folder, join(folder, 'rows.jsonl'), run, onRows)
  throw new InputError('use-mixed', 'Bring one table, or documents only: several tables are answered one after the other.')
}

/** Read as data are, by the same readers, in a process of their own. */
async function openDocuments(
  files: readonly GivenFile[],
  folder: string,
  laying: Pick<Laying, 'documents'>,
  onRows: OnRows
): Promise<UseInputFiles> {
  const laid = await laying.documents({ folder, source: { files: apart(files) } }, onRows, new AbortController().signal)
  const { columns, rows } = laid.scanned
  if (rows === 0) throw noDocuments('these files', laid.reason)
  return {
    kind: 'documents',
    name: files[0]?.name ?? '',
    // What a document is called is its name here, wherever it came from.
    columns: columns.map(({ name }) => (name === 'file' ? 'document' : name)),
    rows,
    rowsFile: join(folder, 'rows.jsonl'),
    guess: { text: 'text', pair: null, answer: null },
    leftOut: { count: laid.rejected, first: await readRejected(folder, 0, MOST_NAMED) }
  }
}

/** Files from several folders may have one name. */
function apart(files: readonly GivenFile[]): readonly GivenFile[] {
  const counts = new Map<string, number>()
  return files.map(({ path, name }) => {
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    const ending = extname(name)
    return { path, name: count === 1 ? name : `${name.slice(0, name.length - ending.length)} (${count})${ending}` }
  })
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
    return { kind: 'table', name: file.name, columns: names, rows, rowsFile, guess: guessed(columns, names, run), leftOut: nothing }
  } catch (error) {
    throw inOwnName(error, file.name, copy)
  }
}

const nothing: UseJob['leftOut'] = { count: 0, first: [] }

/** The columns that the run was trained on where the table has them; else what looks like it. */
function guessed(facts: readonly ColumnFacts[], names: readonly string[], run: UsedRun): UseInputFiles['guess'] {
  const has = (name: string | null): name is string => name !== null && names.includes(name)
  const roles = guessRoles(facts)
  const text = has(run.text) ? run.text : (roles.text ?? names[0] ?? '')
  const known = has(run.label) && run.label !== text ? run.label : null
  return { text, pair: has(run.pair) ? run.pair : null, answer: known ?? (run.marks || run.asks ? pointing(facts, run.marks) : null) }
}

/** A column with marks, or with answers to questions: what it holds says what it is. */
const pointing = (facts: readonly ColumnFacts[], ofMarks: boolean): string | null =>
  facts.find((each) => looksLike(each) === 'marks' || (!ofMarks && looksLike(each) === 'answers'))?.name ?? null
