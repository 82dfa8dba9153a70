// eslint-disable-next-line no-restricted-imports -- Read and written beside the data folder, before there is a key.
import { access, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { syncFolder, writeJsonAtomic } from '../base/files.ts'
import { storageProblem } from '../base/storage-problem.ts'
import { readManifest } from './backup.ts'
import { isOwn } from './layout.ts'
import { copyFile, needRoom } from './tree.ts'

/** The folder in which a restored data folder is made ready, and the file that says that it is. */
const stageOf = (dataFolder: string): string => `${dataFolder}.restoring`
const markOf = (dataFolder: string): string => join(dirname(dataFolder), `.${basename(dataFolder)}.restored`)
const markSchema = z.strictObject({ aside: z.string().min(1), phase: z.enum(['out', 'in']) })

export interface RestoreOptions {
  readonly dataFolder: string
  /** The backup's folder. */
  readonly source: string
  /** The newest version of the tracker that this program reads. */
  readonly tracker: number
  readonly signal: AbortSignal
  readonly onProgress: (phase: 'checking', done: number, total: number) => void
}

/** Copies a backup beside the data folder and compares every file with the backup's list. The data folder is not touched. */
export async function stageRestore({ dataFolder, source, tracker, signal, onProgress }: RestoreOptions): Promise<void> {
  const { files, tracker: version } = await readManifest(source)
  if (version > tracker)
    throw new InputError('backup-newer', 'This backup was made by a newer version of Attune. Update this one and try again.')
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const stage = stageOf(dataFolder)
  try {
    await rm(stage, { recursive: true, force: true })
    await mkdir(stage, { mode: 0o700, recursive: true })
    await needRoom(stage, total, 'The restored data')
    let done = 0
    let bad = 0
    for (const { path, bytes, sha256 } of files) {
      const onBytes = (more: number): void => onProgress('checking', (done += more), total)
      const copied = await copyFile(join(source, path), join(stage, path), signal, onBytes).catch(missing)
      if (copied?.bytes !== bytes || copied.sha256 !== sha256) bad++
    }
    if (bad > 0) throw damaged(bad, files.length)
  } catch (error) {
    await rm(stage, { recursive: true, force: true }).catch(() => undefined)
    throw storageProblem(error, 'The backup could not be read', source)
  }
}

const missing = (error: unknown): null => {
  if (systemCodeOf(error) === 'ENOENT') return null
  throw error
}

const damaged = (bad: number, all: number): InputError =>
  new InputError(
    'backup-damaged',
    `The backup is damaged: ${bad} of its ${all} files are missing or not as they were written. Nothing of yours was changed; use another backup.`
  )

/**
 * Puts what is staged in the place of the present data, which are set aside under `asideName` beside them. Nobody may have the folder open. Where
 * it is cut short, `recoverRestore` ends it.
 */
export async function swapRestored(dataFolder: string, asideName: string): Promise<void> {
  await writeMark(dataFolder, { aside: asideName, phase: 'out' })
  await recoverRestore(dataFolder)
}

/**
 * Ends a restoring that was cut short once the staged folder was whole; called before the folder is opened. First all present entries go out, then all staged
 * ones come in; the mark says which of the two is under way, and either can be begun again. The folder itself stays: the window keeps files of its own in it.
 */
export async function recoverRestore(dataFolder: string): Promise<void> {
  const mark = await readMark(dataFolder)
  if (!mark) return
  const stage = stageOf(dataFolder)
  if (await exists(stage)) {
    const aside = join(dirname(dataFolder), basename(mark.aside))
    await mkdir(dataFolder, { recursive: true, mode: 0o700 })
    if (mark.phase === 'out') {
      await mkdir(aside, { recursive: true, mode: 0o700 })
      await shift(dataFolder, aside)
      await writeMark(dataFolder, { ...mark, phase: 'in' })
    }
    await shift(stage, dataFolder)
    await rm(stage, { recursive: true })
    await syncFolder(dirname(dataFolder))
  }
  await rm(markOf(dataFolder), { force: true })
}

/** Moves Attune's entries of one folder into another, on the same disk. */
async function shift(from: string, to: string): Promise<void> {
  for (const name of (await readdir(from)).filter(isOwn)) await rename(join(from, name), join(to, name))
  for (const folder of [from, to]) await syncFolder(folder)
}

const writeMark = (dataFolder: string, mark: z.infer<typeof markSchema>): Promise<void> =>
  writeJsonAtomic(markOf(dataFolder), mark)

async function readMark(dataFolder: string): Promise<z.infer<typeof markSchema> | null> {
  const text = await readFile(markOf(dataFolder), 'utf8').catch(missing)
  return text === null ? null : markSchema.parse(JSON.parse(text))
}

/** Takes away what a restoring left that was cut short before its folder was whole. Called by whoever holds the data folder. */
export async function sweepRestore(dataFolder: string): Promise<void> {
  await rm(stageOf(dataFolder), { recursive: true, force: true })
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false
  )
