import { dialog, type BrowserWindow } from 'electron'
import { randomBytes } from 'node:crypto'
import { copyFile, rename, rm, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { safeFileName } from '../../base/file-name.ts'
import { quoted, storageProblem } from '../../base/storage-problem.ts'
import type { Outgoing } from '../../ipc/define.ts'
import { words } from './words.ts'

/** Asks where a finished file shall go and copies it there, aside first; false where the person thought better of it. */
export async function saveOutgoing(outbox: Outgoing, own: BrowserWindow | null, request: unknown): Promise<boolean> {
  const { ticket, name } = (request ?? {}) as { readonly ticket?: unknown; readonly name?: unknown } // Both are looked at here.
  if (typeof ticket !== 'string' || typeof name !== 'string')
    throw new InputError('bad-request', 'The page asked to save nothing. Reload it.')
  const options = { title: words.choose.save, defaultPath: safeFileName(name) }
  const { canceled, filePath } = await (own ? dialog.showSaveDialog(own, options) : dialog.showSaveDialog(options))
  if (canceled || filePath === '') return false
  const file = outbox.take(ticket)
  try {
    await copyAside(file.path, filePath)
  } finally {
    await file.remove()
  }
  return true
}

/** The old file or the new one, never half of it: the dialog has asked whether to replace. */
async function copyAside(from: string, to: string): Promise<void> {
  const aside = `${to}.${randomBytes(4).toString('hex')}.part`
  try {
    if (!(await stat(from)).isFile())
      throw new InputError('download-gone', 'This file is no longer waiting to be saved. Make it again.')
    await copyFile(from, aside)
    await rename(aside, to)
  } catch (error) {
    await rm(aside, { force: true })
    const name = basename(to)
    throw storageProblem(error, `${quoted(name)} could not be saved`, name)
  }
}
