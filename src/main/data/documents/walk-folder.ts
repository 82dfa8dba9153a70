import { opendir, realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { InputError, systemCodeOf } from '../../base/errors.ts'
import { counted, harmless } from '../../base/wording.ts'
import { compareLabels } from '../label-order.ts'
import { isLitter } from './kinds.ts'
import type { OnRejected } from './rejected.ts'

/** A file of a folder. */
export interface FoundFile {
  readonly path: string
  /** Its name within the folder, with `/` between folders. */
  readonly name: string
}

/** Bounds on a folder; a person's documents lie well within them. */
const MOST = { files: 100_000, depth: 32 }

/**
 * Every file of a folder and of the folders in it, in order of their names. Nothing outside of the folder is ever touched: links are not followed. What
 * is neither file nor folder, and every link, is rejected. Throws an InputError where the folder itself cannot be read.
 */
export async function walkFolder(root: string, onRejected: OnRejected, signal?: AbortSignal): Promise<readonly FoundFile[]> {
  const real = await realpath(root).catch((error: unknown) => {
    throw unreadable(root, error)
  })
  const files: FoundFile[] = []
  await walk({ real, files, onRejected, signal }, real, '', 0)
  return files
}

interface Walk {
  readonly real: string
  readonly files: FoundFile[]
  readonly onRejected: OnRejected
  readonly signal: AbortSignal | undefined
}

async function walk(all: Walk, folder: string, prefix: string, depth: number): Promise<void> {
  all.signal?.throwIfAborted()
  const reject = (file: string, reason: string): void => all.onRejected({ file, place: null, reason })
  const entries = await entriesOf(folder).catch((error: unknown) => {
    if (depth === 0) throw unreadable(folder, error)
    return null
  })
  if (entries === null) return reject(prefix, 'This folder may not be looked into by you.')
  for (const entry of entries) {
    if (isLitter(entry.name)) continue
    const name = `${prefix}${harmless(entry.name)}`
    const path = join(folder, entry.name)
    if (entry.isSymbolicLink()) reject(name, await linkReason(all.real, path))
    else if (entry.isDirectory()) {
      if (depth + 1 >= MOST.depth) reject(name, `It lies more than ${MOST.depth} folders deep.`)
      else await walk(all, path, `${name}/`, depth + 1)
    } else if (!entry.isFile()) reject(name, 'It is neither a file nor a folder.')
    else if (all.files.push({ path, name }) > MOST.files) throw tooMany(all.real)
  }
}

async function entriesOf(folder: string) {
  const entries = []
  for await (const entry of await opendir(folder)) {
    entries.push(entry)
    if (entries.length > MOST.files) throw tooMany(folder)
  }
  return entries.sort((a, b) => compareLabels(a.name, b.name))
}

async function linkReason(root: string, path: string): Promise<string> {
  const target = await realpath(path).catch(() => null)
  if (target === null) return 'It is a link that leads nowhere.'
  const isInside = target === root || target.startsWith(`${root.replace(/[\\/]$/, '')}/`)
  return isInside
    ? 'It is a link to something in the same folder, which is read where it lies.'
    : 'It is a link that leads out of the folder. Copy the file itself into the folder.'
}

const tooMany = (folder: string): InputError =>
  new InputError(
    'folder-too-many',
    `${basename(folder)} holds more than ${counted(MOST.files, 'file')}. Choose a folder with fewer, or make one table of them.`,
    { file: folder }
  )

function unreadable(folder: string, error: unknown): InputError {
  if (error instanceof InputError) return error
  const name = basename(folder)
  const isGone = ['ENOENT', 'ENOTDIR'].includes(systemCodeOf(error) ?? '')
  const sentence = isGone
    ? `The folder ${name} is no longer where it was. Choose it again.`
    : `The folder ${name} may not be looked into by you. Choose another, or ask for permission.`
  return new InputError('folder-unread', sentence, { file: folder }, { cause: error })
}
