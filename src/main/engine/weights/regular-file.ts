import { constants } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { InputError } from '../../base/errors.ts'
import { open } from '../../base/sealed/fs.ts'
import type { OpenFile } from '../../base/sealed/open-file.ts'
import { quoted, storageProblem } from '../../base/storage-problem.ts'

// Non-blocking, because opening a named pipe would wait for a writer; no links, because callers resolve and judge them first.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- Windows has neither flag, whatever the types say
const readFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0)

/**
 * Opens a regular file for reading: opened first, then examined, so that what is examined is what is read. Links, folders, devices,
 * pipes and sockets are refused with an InputError, as is a file that is missing or may not be read. The caller closes the handle.
 */
export async function openRegularFile(path: string): Promise<{ readonly handle: OpenFile; readonly stat: BigIntStats }> {
  const what = `The file ${quoted(path)} cannot be read`
  let handle: OpenFile
  try {
    handle = await open(path, readFlags)
  } catch (error) {
    throw storageProblem(error, what, path)
  }
  try {
    const stat = await handle.stat({ bigint: true })
    if (!stat.isFile()) {
      const kind = stat.isDirectory() ? 'a folder' : 'a device or pipe'
      throw new InputError('not-a-file', `${what}: it is ${kind}, not a file.`, { file: path })
    }
    return { handle, stat }
  } catch (error) {
    await handle.close()
    throw storageProblem(error, what, path)
  }
}

/** Reads up to `buffer.byteLength` bytes from `position` on and returns how many there were. */
export async function readAt(handle: OpenFile, buffer: Uint8Array, position: number): Promise<number> {
  let done = 0
  while (done < buffer.byteLength) {
    // One system call reads less than 2 GiB.
    const length = Math.min(buffer.byteLength - done, 1 << 26)
    const { bytesRead } = await handle.read(buffer, done, length, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return done
}

/** Writes all of `bytes` at `position`. */
export async function writeAt(handle: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0
  while (done < bytes.byteLength) {
    const length = Math.min(bytes.byteLength - done, 1 << 26)
    const { bytesWritten } = await handle.write(bytes, done, length, position + done)
    done += bytesWritten
  }
}
