// eslint-disable-next-line no-restricted-imports -- Read and written beside the data folder, before there is a key.
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { syncFolder } from '../base/files.ts'
import { storageProblem } from '../base/storage-problem.ts'
import { readManifest } from './backup.ts'
import { copyFile, needRoom } from './tree.ts'

/** The folder in which a restored data folder is made ready, and the file that says that it is. */
const stageOf = (dataFolder: string): string => `${dataFolder}.restoring`
const readyMark = (dataFolder: string): string => join(dirname(dataFolder), `.${basename(dataFolder)}.restored`)

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
 * Puts the staged folder in the place of the data folder, which is set aside under `asideName` beside it. Nobody may have the folder open. Where
 * it is cut short, `recoverRestore` ends it.
 */
export async function swapRestored(dataFolder: string, asideName: string): Promise<void> {
  await writeFile(readyMark(dataFolder), asideName, { mode: 0o600 })
  await recoverRestore(dataFolder)
}

/** Ends a restoring that was cut short once the staged folder was whole. Called before the folder is opened. */
export async function recoverRestore(dataFolder: string): Promise<void> {
  const stage = stageOf(dataFolder)
  const mark = readyMark(dataFolder)
  if (!(await exists(mark))) return
  if (await exists(stage)) {
    const asideName = basename(await readFile(mark, 'utf8'))
    if (await exists(dataFolder)) await rename(dataFolder, join(dirname(dataFolder), asideName))
    await rename(stage, dataFolder)
    await syncFolder(dirname(dataFolder))
  }
  await rm(mark, { force: true })
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
