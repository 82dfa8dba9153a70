import { basename, extname } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { TABLE_ENDINGS } from '../../base/file-types.ts'
import { documentRows, planDocuments } from '../documents/document-rows.ts'
import type { OnRejected } from '../documents/rejected.ts'
import { walkFolder, type FoundFile } from '../documents/walk-folder.ts'
import { DEFAULT_LIMITS, type Limits } from '../limits.ts'
import { ShardedTable, shardsOf } from './dataset-folder.ts'
import { defineImporter, SAMPLE_ROWS } from './define-importer.ts'
import type { ImportOptions, Probe, Row, TableFormat } from './define-importer.ts'

/** What a folder comes to. */
export interface FolderPlan {
  readonly kind: 'documents' | 'tables'
  readonly columns: readonly string[]
  /** The column that says the part of each row; null where the folder does not say. */
  readonly partColumn: string | null
  /** Documents; 0 where nobody knows how many rows there will be. */
  readonly total: number
  readonly rows: (onRejected: OnRejected, signal?: AbortSignal) => AsyncGenerator<Row, void, undefined>
}

/**
 * Looks at a folder as a whole: the files of one data set, or documents of which each becomes a row. Throws an InputError for a folder that cannot be
 * read, or that is a model's.
 */
export async function planFolder(
  root: string,
  onRejected: OnRejected,
  limits: Limits = DEFAULT_LIMITS,
  signal?: AbortSignal
): Promise<FolderPlan> {
  const files = await walkFolder(root, onRejected, signal)
  const isModel = files.some(({ name }) => name === 'config.json') && files.some(({ name }) => /\.safetensors$/i.test(name))
  if (isModel) throw modelFolder(root)
  const shards = shardsOf(root, files)
  if (shards) {
    const table = await ShardedTable.open(root, shards, limits, signal)
    const { columns, partColumn } = table
    return { kind: 'tables', columns, partColumn, total: 0, rows: (tell, stop) => table.rows(tell, stop) }
  }
  return documentsPlan(files, onRejected)
}

/** The same for files that were dropped together. */
export function documentsPlan(files: readonly FoundFile[], onRejected: OnRejected): FolderPlan {
  const plan = planDocuments(files, onRejected)
  return {
    kind: 'documents',
    columns: plan.columns,
    partColumn: plan.columns.includes('split') ? 'split' : null,
    total: plan.documents.length,
    rows: (tell, stop) => documentRows(plan, tell, stop)
  }
}

const ignore: OnRejected = () => undefined

/** The only file of a folder, where it is a table; null where there are others, or it is none. */
export async function soleTable(root: string): Promise<FoundFile | null> {
  const [only, ...others] = await walkFolder(root, ignore)
  const isTable = only !== undefined && others.length === 0 && TABLE_ENDINGS.includes(extname(only.name).toLowerCase())
  return isTable ? only : null
}

/** A folder: documents, or the files of one data set. Documents that cannot be read are left out and told. */
export const folderImporter = defineImporter({ id: 'folder', title: 'Folder', extensions: [], probe, rows })

async function probe(path: string, options: ImportOptions = {}, signal?: AbortSignal): Promise<Probe> {
  const limits = options.limits ?? DEFAULT_LIMITS
  const plan = await planFolder(path, ignore, limits, signal)
  const sample: Row[] = []
  for await (const row of plan.rows(ignore, signal)) {
    sample.push(row)
    if (sample.length === SAMPLE_ROWS) break
  }
  if (sample.length === 0) throw noDocuments(basename(path), null)
  return { format: { encoding: 'utf-8', delimiter: null, limits }, columns: plan.columns, sample }
}

async function* rows(
  path: string,
  { limits }: TableFormat,
  signal?: AbortSignal,
  onRejected: OnRejected = ignore
): AsyncGenerator<Row, void, undefined> {
  yield* (await planFolder(path, onRejected, limits, signal)).rows(onRejected, signal)
}

/** The refusal of a folder without a single document. `reason`: why most were left out. */
export const noDocuments = (name: string, reason: string | null): InputError =>
  new InputError(
    'documents-none',
    reason === null
      ? `There is no document in ${name}. It needs files that end in .docx, .pdf, .eml, .html, .md or .txt.`
      : `No document of ${name} can be read. Most often: ${reason}`
  )

const modelFolder = (root: string): InputError =>
  new InputError('folder-model', `${basename(root)} is the folder of a model, not of data. Add it in the Library.`, {
    file: root
  })
