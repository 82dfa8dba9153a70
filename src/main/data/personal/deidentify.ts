import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { syncFolder } from '../../base/files.ts'
import { shown, shownList } from '../../base/wording.ts'
import { DocumentReader } from '../documents/document-reader.ts'
import type { Actions } from './actions.ts'
import { Cleaner } from './cleaner.ts'
import type { Finder } from './find.ts'
import type { FileCleaner } from './files/define-cleaner.ts'
import { cleanedEndings, cleanerFor } from './files/index.ts'
import { inputsAt, requireNewPlace, type InputFile } from './files/walk.ts'
import type { Pseudonyms } from './surrogates/pseudonyms.ts'

export interface DeidentifyOptions {
  /** A file, or a folder whose files are all gone through. */
  readonly input: string
  /** A new file or folder. */
  readonly out: string
  readonly find: Finder
  readonly actions: Actions
  readonly pseudonyms: Pseudonyms
  readonly columns: ReadonlySet<string> | null
  readonly leftColumns: ReadonlySet<string>
  readonly groupColumn: string | null
  /** Whether files get numbers for names: names of files are names of people often enough. */
  readonly renames: boolean
  /** How many passages are shown of what is still visible, and of what was found. */
  readonly visible: number
  readonly found: number
  /** Called once every copy is written and none is in its place yet. */
  readonly beforePlacing?: () => Promise<void>
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

export interface CleanedFile {
  /** As it is called in the input. */
  readonly file: string
  readonly out: string
  readonly counts: Readonly<Record<string, number>>
  readonly notes: readonly string[]
  /** Of a table; null of a document. */
  readonly columns: readonly string[] | null
}

export interface Deidentified {
  readonly files: readonly CleanedFile[]
  readonly leftOut: readonly { readonly file: string; readonly reason: string }[]
  readonly counts: Readonly<Record<string, number>>
  readonly visible: Cleaner['visible']
  readonly found: Cleaner['found']
}

/**
 * Writes clean copies of a file or a folder to a new place. They are written aside and put there whole, so that a job that fails or is stopped
 * leaves nothing. The input is only read.
 */
export async function deidentify(options: DeidentifyOptions): Promise<Deidentified> {
  const { input, signal } = options
  const { isFolder, files, leftOut } = await inputsAt(input)
  const to = await requireNewPlace(input, options.out)
  if (!isFolder) requireForm(input, to)
  const aside = join(dirname(to), `.${basename(to)}.${process.pid}.tmp`)
  await mkdir(aside, { mode: 0o700 })
  const documents = new DocumentReader()
  try {
    const cleaner = new Cleaner(options)
    const done = await cleanAll({ ...options, cleaner, documents, files, aside, isFolder, to })
    signal.throwIfAborted()
    if (done.files.length === 0) throw nothingToClean(input)
    requireGroup(done.files, options.groupColumn)
    await options.beforePlacing?.()
    await rename(isFolder ? aside : join(aside, basename(to)), to)
    await syncFolder(dirname(to))
    const links = leftOut.map((file) => ({ file, reason: 'it is a link or no ordinary file' }))
    const { visible, found } = cleaner
    return { files: done.files, leftOut: [...done.leftOut, ...links], counts: sumOf(done.files), visible, found }
  } finally {
    await documents.dispose()
    await rm(aside, { recursive: true, force: true })
  }
}

interface Cleaning extends DeidentifyOptions {
  readonly cleaner: Cleaner
  readonly documents: DocumentReader
  readonly files: readonly InputFile[]
  readonly aside: string
  readonly isFolder: boolean
  readonly to: string
}

async function cleanAll(job: Cleaning): Promise<Pick<Deidentified, 'files' | 'leftOut'>> {
  const { cleaner, files, aside, isFolder, to, signal, onProgress } = job
  const cleaned: CleanedFile[] = []
  const leftOut: { file: string; reason: string }[] = []
  for (const [i, file] of files.entries()) {
    signal.throwIfAborted()
    onProgress(i, files.length)
    const form = cleanerFor(file.path)
    if (!form) {
      leftOut.push({ file: file.name, reason: 'its form is not known' })
      continue
    }
    const out = isFolder ? outName(file, form.writes, job.renames ? i + 1 : null) : basename(to)
    try {
      cleaned.push(await cleanOne(form, file, out, job))
    } catch (error) {
      // One file of many that cannot be read must not cost the others; nothing of it is in the copies.
      if (!isFolder || !(error instanceof InputError)) throw error
      await rm(join(aside, out), { force: true })
      cleaner.takeCounts()
      leftOut.push({ file: file.name, reason: error.message })
    }
  }
  onProgress(files.length, files.length)
  return { files: cleaned, leftOut }
}

async function cleanOne(form: FileCleaner, file: InputFile, out: string, job: Cleaning): Promise<CleanedFile> {
  const to = join(job.aside, out)
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  // Documents in one folder are taken to belong to one person or matter.
  const { notes, columns = null } = await form.clean(file.path, to, { ...job, group: `folder ${file.folder}` })
  return { file: job.isFolder ? file.name : basename(file.path), out, counts: job.cleaner.takeCounts(), notes, columns }
}

/** @throws InputError where none of the tables has the column: it was mistyped more likely than not */
function requireGroup(files: readonly CleanedFile[], group: string | null): void {
  const tables = files.flatMap(({ columns }) => (columns === null ? [] : [columns]))
  if (group === null || tables.length === 0 || tables.some((columns) => columns.includes(group))) return
  const sentence = `None of the tables has a column ${shown(group)}. They have ${shownList([...new Set(tables.flat())])}.`
  throw new InputError('data_column_missing', sentence)
}

/** Several files of one name but another form may lie in a folder: the new ending is put behind the old one. */
function outName({ name }: InputFile, writes: string | undefined, number: number | null): string {
  const ending = writes ?? extname(name).toLowerCase()
  if (number === null) return writes === undefined ? name : `${name}${writes}`
  return `document-${String(number).padStart(5, '0')}${ending}`
}

function requireForm(input: string, to: string): void {
  const form = cleanerFor(input)
  if (!form) throw nothingToClean(input)
  const ending = form.writes ?? extname(input).toLowerCase()
  if (extname(to).toLowerCase() === ending) return
  const message = `${basename(to)} must end in ${ending}: that is what ${basename(input)} becomes.`
  throw new InputError('output_type', message, { file: to })
}

const nothingToClean = (input: string): InputError =>
  new InputError(
    'usage',
    `There is nothing in ${basename(input)} that can be gone through. Files that can end in ${cleanedEndings.join(', ')}.`,
    {
      file: input
    }
  )

function sumOf(files: readonly CleanedFile[]): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {}
  for (const { counts } of files) for (const [kind, count] of Object.entries(counts)) sum[kind] = (sum[kind] ?? 0) + count
  return sum
}
