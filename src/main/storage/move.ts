// eslint-disable-next-line no-restricted-imports -- The pointers of a move are read before there is a key.
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { syncFolder, writeJsonAtomic } from '../base/files.ts'
import { ifThere } from '../base/if-there.ts'
import { storageProblem } from '../base/storage-problem.ts'
import { copyTree, verifyTree } from './copy-tree.ts'
import { isLeftBehind, isOwn } from './layout.ts'
import { filesBelow, needRoom } from './tree.ts'

/** In a folder that the data have left: where they are now. Read by `shell/data-folder.ts` as well. */
const POINTER = 'moved.json'
/** In the data folder while a copy of it is made elsewhere. */
const UNDERWAY = 'moving.json'
/** In the new folder until the old one has been emptied. */
const ORIGIN = 'moved-from.json'

export interface MoveOptions {
  /** Where the data are. Nobody may have them open. */
  readonly from: string
  /** Where they shall be; nothing may be there. */
  readonly to: string
  readonly signal: AbortSignal
  readonly onProgress: (phase: 'copying' | 'verifying', done: number, total: number) => void
}

/**
 * Copies the data folder, reads the copy again, and only then lets the old folder point to it and empties it. Wherever it is cut short, one
 * of the two is whole and is the one that is opened next.
 */
export async function moveFolder({ from, to, signal, onProgress }: MoveOptions): Promise<void> {
  const aside = `${to}.partial`
  try {
    await mkdir(dirname(to), { recursive: true, mode: 0o700 })
    const listed = await filesBelow(from, isLeftBehind)
    const total = listed.reduce((sum, { bytes }) => sum + bytes, 0)
    await needRoom(dirname(to), total, 'The data folder')
    await writeJsonAtomic(join(from, UNDERWAY), { to })
    await mkdir(aside, { mode: 0o700 })
    const counted = (phase: 'copying' | 'verifying'): ((bytes: number) => void) => {
      let done = 0
      return (bytes) => onProgress(phase, (done += bytes), total)
    }
    const files = await copyTree({ from, to: aside, isLeftOut: isLeftBehind, signal, onBytes: counted('copying') })
    await verifyTree(aside, files, signal, counted('verifying'))
    await writeJsonAtomic(join(aside, ORIGIN), { from })
    await rename(aside, to)
    await syncFolder(dirname(to))
  } catch (error) {
    await rm(aside, { recursive: true, force: true }).catch(() => undefined)
    await rm(join(from, UNDERWAY), { force: true }).catch(() => undefined)
    throw storageProblem(error, 'The data folder could not be moved', dirname(to))
  }
  // From here on the new folder is the one that counts.
  await writeJsonAtomic(join(from, POINTER), { folder: to })
  // The move has happened; what is left of it is tried again at the next start.
  await finishMove(to).catch(() => undefined)
}

/**
 * Empties the folder that the data have left, but for the pointer and what is not Attune's. What cannot be deleted now, as on a disk that is not connected, is
 * tried again at the next start: the data are whole without it.
 */
export async function finishMove(dataFolder: string): Promise<void> {
  const from = await textAt(join(dataFolder, ORIGIN), 'from')
  if (from === null) return
  if ((await textAt(join(from, POINTER), 'folder')) === dataFolder) {
    const names = (await readdir(from)).filter(isOwn)
    const gone = await Promise.allSettled(names.map((name) => rm(join(from, name), { recursive: true, force: true })))
    if (gone.some(({ status }) => status === 'rejected')) return
  }
  await rm(join(dataFolder, ORIGIN), { force: true })
}

/** Undoes a move that was cut short before the new folder counted: its copy goes, the data stay where they are. */
export async function undoMove(dataFolder: string): Promise<void> {
  const to = await textAt(join(dataFolder, UNDERWAY), 'to')
  if (to === null || (await textAt(join(dataFolder, POINTER), 'folder')) === to) return
  await rm(`${to}.partial`, { recursive: true, force: true })
  // Only what this move itself has put there.
  if ((await textAt(join(to, ORIGIN), 'from')) === dataFolder) await rm(to, { recursive: true, force: true })
  await rm(join(dataFolder, UNDERWAY), { force: true })
}

/** A folder in `parent` for the data, by a name that is free there; the folder itself where it holds nothing but a pointer. */
export async function freeFolder(parent: string, name: string): Promise<string> {
  for (let n = 1; ; n++) {
    const folder = join(parent, n === 1 ? name : `${name} ${n}`)
    const names = await ifThere(readdir(folder))
    if (names === null) return folder
    if (names.length === 0 || (names.length === 1 && names[0] === POINTER)) {
      await rm(folder, { recursive: true, force: true })
      return folder
    }
  }
}

/** Refuses a place in which the data folder would lie inside of itself. */
export function refuseInside(from: string, parent: string): void {
  if (`${parent}/`.startsWith(`${from}/`))
    throw new InputError('move-inside', `The new place lies inside the data folder ${basename(from)}. Choose another one.`)
}

async function textAt(path: string, key: string): Promise<string | null> {
  try {
    const found: unknown = JSON.parse(await readFile(path, 'utf8'))
    const value: unknown = typeof found === 'object' && found !== null ? Reflect.get(found, key) : null
    return typeof value === 'string' ? value : null
  } catch {
    // No such file, or one that was cut short before it counted.
    return null
  }
}
