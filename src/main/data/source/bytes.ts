import { constants } from 'node:fs/promises'
import { basename } from 'node:path'
import { InputError, messageOf, systemCodeOf } from '../../base/errors.ts'
import { open } from '../../base/sealed/fs.ts'
import type { OpenFile } from '../../base/sealed/open-file.ts'
import { tellBytesRead } from './bytes-read.ts'

const CHUNK_BYTES = 1 << 18

// Without O_NONBLOCK (absent on Windows) opening a named pipe would wait for a writer before it can be refused.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- Windows has no such flag, whatever the types say
const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

function unreadable(path: string, error: unknown): InputError {
  if (error instanceof InputError) return error
  const name = basename(path)
  const code = systemCodeOf(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const inApp = `${name} is no longer where it was. Choose the file again.`
    return new InputError('data_file_missing', `The data file ${path} does not exist. Check its name and folder.`, {
      file: path,
      inApp
    })
  }
  const reason = code === 'EACCES' || code === 'EPERM' ? 'you have no permission to read it' : messageOf(error)
  return new InputError(
    'data_file_unreadable',
    `The data file ${name} cannot be read: ${reason}.`,
    { file: path },
    { cause: error }
  )
}

/** Opens `path` for reading; refuses what is missing, forbidden, or not an ordinary file (folders, pipes, devices). */
export async function openDataFile(path: string): Promise<OpenFile> {
  let handle: OpenFile
  try {
    handle = await open(path, READ_FLAGS)
  } catch (error) {
    throw unreadable(path, error)
  }
  const found = await handle.stat().catch(() => null)
  if (found?.isFile() === true) return handle
  await handle.close()
  const what = found?.isDirectory() === true ? 'a folder' : 'not an ordinary file'
  const message = `${basename(path)} is ${what}. Name the CSV or JSON Lines file itself.`
  const inApp = `${basename(path)} is ${what}. Choose the table itself: a CSV, TSV, JSON Lines or XLSX file.`
  throw new InputError('data_file_unreadable', message, { file: path, inApp })
}

/** The bytes of `path` in chunks. One buffer is reused: a chunk is valid only until the next one is asked for. */
export async function* bytesOf(path: string, signal?: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  const handle = await openDataFile(path)
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
    for (let all = 0; ;) {
      signal?.throwIfAborted()
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, null).catch((error: unknown) => {
        throw unreadable(path, error)
      })
      if (bytesRead === 0) return
      all += bytesRead
      tellBytesRead(path, all)
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}
