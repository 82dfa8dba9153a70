import { dialog, type BrowserWindow, type SaveDialogOptions } from 'electron'
import { randomBytes } from 'node:crypto'
import { copyFile, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { safeFileName } from '../../base/file-name.ts'
import { quoted, storageProblem } from '../../base/storage-problem.ts'
import type { Outgoing } from '../../ipc/define.ts'
import { pdfOf } from './pdf.ts'
import { words } from './words.ts'

/** Asks where a finished file shall go and copies it there, aside first; false where the person thought better of it. */
export async function saveOutgoing(outbox: Outgoing, own: BrowserWindow | null, request: unknown): Promise<boolean> {
  return save(outbox, own, request, [], (from, aside) => copyFile(from, aside))
}

/** Asks where a finished HTML report shall go, and writes it there as a PDF on A4, aside first; false where the person thought better of it. */
export async function saveOutgoingPdf(outbox: Outgoing, own: BrowserWindow | null, request: unknown): Promise<boolean> {
  const filters = [{ name: words.choose.pdf, extensions: ['pdf'] }]
  return save(outbox, own, request, filters, async (from, aside) => {
    const page = await readFile(from)
    // Whatever else waits to be saved is not a page of ours.
    if (!page.subarray(0, 15).toString('latin1').startsWith('<!doctype html>')) throw badRequest()
    await writeFile(aside, await pdfOf(page), { flag: 'wx' })
  })
}

type Write = (from: string, aside: string) => Promise<void>

async function save(
  outbox: Outgoing,
  own: BrowserWindow | null,
  request: unknown,
  filters: NonNullable<SaveDialogOptions['filters']>,
  write: Write
): Promise<boolean> {
  const { ticket, name } = (request ?? {}) as { readonly ticket?: unknown; readonly name?: unknown } // Both are looked at here.
  if (typeof ticket !== 'string' || typeof name !== 'string') throw badRequest()
  const options = { title: words.choose.save, defaultPath: safeFileName(name), filters }
  const { canceled, filePath } = await (own ? dialog.showSaveDialog(own, options) : dialog.showSaveDialog(options))
  if (canceled || filePath === '') return false
  const file = outbox.take(ticket)
  try {
    await writeAside(file.path, filePath, write)
  } finally {
    await file.remove()
  }
  return true
}

/** The old file or the new one, never half of it: the dialog has asked whether to replace. */
async function writeAside(from: string, to: string, write: Write): Promise<void> {
  const aside = `${to}.${randomBytes(4).toString('hex')}.part`
  try {
    if (!(await stat(from)).isFile())
      throw new InputError('download-gone', 'This file is no longer waiting to be saved. Make it again.')
    await write(from, aside)
    await rename(aside, to)
  } catch (error) {
    await rm(aside, { force: true })
    const name = basename(to)
    throw storageProblem(error, `${quoted(name)} could not be saved`, name)
  }
}

const badRequest = (): InputError => new InputError('bad-request', 'The page asked to save nothing. Reload it.')
