// eslint-disable-next-line no-restricted-imports -- A backup lies outside of the data folder, and its list of files is plain.
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { syncFolder, writeJsonAtomic } from '../base/files.ts'
import { ifThere } from '../base/if-there.ts'
import { storageProblem } from '../base/storage-problem.ts'
import { copyTree, refuseOtherKeys, verifyTree } from './copy-tree.ts'
import { isPassing } from './layout.ts'
import { filesBelow, hashFile, needRoom } from './tree.ts'

const MANIFEST = 'attune-backup.json'
const FORMAT = 'attune-backup-1'
/** Bytes of the largest manifest that is read: some 200,000 files. */
const MOST = 50e6

const manifest = z.strictObject({
  format: z.literal(FORMAT),
  madeAt: z.string().max(40),
  /** The program's. */
  version: z.string().max(40),
  /** The tracker's. */
  tracker: z.number().int().min(1),
  files: z.array(
    z.strictObject({
      path: z
        .string()
        .max(1000)
        .refine((path) => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\0]/.test(part))),
      bytes: z.number().int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/)
    })
  )
})

export type Manifest = z.infer<typeof manifest>

export interface BackupOptions {
  readonly dataFolder: string
  /** The folder in which the backup's own folder is made. */
  readonly target: string
  /** The backup's name; a folder of this name must not be there. */
  readonly name: string
  readonly facts: Pick<Manifest, 'madeAt' | 'version' | 'tracker'>
  readonly signal: AbortSignal
  readonly onProgress: (phase: 'copying' | 'verifying', done: number, total: number) => void
}

/**
 * Copies a data folder into a folder of its own, files as they are: what is encrypted stays so. It is written under a temporary name, read
 * again and compared, and renamed when it is whole. Resolves to the bytes in it.
 */
export async function writeBackup({ dataFolder, target, name, facts, signal, onProgress }: BackupOptions): Promise<number> {
  const aside = join(target, `.${name}.partial`)
  try {
    await mkdir(target, { recursive: true, mode: 0o700 })
    const listed = await filesBelow(dataFolder, isPassing)
    const total = listed.reduce((sum, { bytes }) => sum + bytes, 0)
    await needRoom(target, total, 'The backup')
    await rm(aside, { recursive: true, force: true })
    await mkdir(aside, { mode: 0o700 })
    const counted = (phase: 'copying' | 'verifying'): ((bytes: number) => void) => {
      let done = 0
      return (bytes) => onProgress(phase, (done += bytes), Math.max(total, done))
    }
    const files = await copyTree({ from: dataFolder, to: aside, isLeftOut: isPassing, signal, onBytes: counted('copying') })
    await verifyTree(aside, files, signal, counted('verifying'))
    await refuseOtherKeys(dataFolder, aside)
    await writeJsonAtomic(join(aside, MANIFEST), { format: FORMAT, ...facts, files: [...files] } satisfies Manifest)
    await rename(aside, join(target, name))
    await syncFolder(target)
    return files.reduce((sum, { bytes }) => sum + bytes, 0)
  } catch (error) {
    await rm(aside, { recursive: true, force: true }).catch(() => undefined)
    throw storageProblem(error, 'The backup could not be written', target)
  }
}

/** Writes down anew what a file of a backup is; nothing where the folder is no backup. */
export async function listAgain(folder: string, path: string): Promise<void> {
  const known = await readManifest(folder).catch(() => null)
  const found = await hashFile(join(folder, path), new AbortController().signal, () => undefined)
  if (!known || !found) return
  const files = known.files.map((file) => (file.path === path ? { path, ...found } : file))
  await writeJsonAtomic(join(folder, MANIFEST), { ...known, files } satisfies Manifest)
}

/** What a backup holds, as its manifest says. Throws an InputError where the folder is none. */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, MANIFEST)
  try {
    if ((await stat(path)).size > MOST) throw notOne(folder)
    const read = manifest.safeParse(JSON.parse(await readFile(path, 'utf8')))
    if (read.success) return read.data
  } catch (error) {
    if (error instanceof InputError || (systemCodeOf(error) !== undefined && systemCodeOf(error) !== 'ENOENT')) throw error
  }
  const names = (await ifThere(readdir(folder))) ?? []
  throw names.some((name) => /^attune-v\d+-\d+\.sqlite$/.test(name)) ? onlyTracker(folder) : notOne(folder)
}

/** Those of a folder that was encrypted later are sealed, too: nothing else reads them. */
const onlyTracker = (folder: string): InputError =>
  new InputError(
    'backup-former',
    'These files are former states of the list of runs, kept before an update, and no backup of everything: Attune does not restore them, it makes that list again from the runs.',
    { file: folder }
  )

const notOne = (folder: string): InputError =>
  new InputError(
    'backup-none',
    'This folder is no backup of Attune, or its list of files is damaged. Choose the folder that Attune wrote.',
    {
      file: folder
    }
  )
