import { createHash } from 'node:crypto'
import { open as openPlain, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { open } from './sealed/fs.ts'

/** Flushes a folder's entry table, so that a rename in it survives a power cut. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await openPlain(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Brings a file's content, as it was last written, to the disk. */
export async function flushFile(path: string): Promise<void> {
  const handle = await openPlain(path, 'r+')
  try {
    await handle.datasync()
  } finally {
    await handle.close()
  }
}

/**
 * Writes `data` aside, flushes it, and renames it to `path`: readers see the old file or the new one, never half of it. Sealed where the process seals
 * files there.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array, mode?: number): Promise<void> {
  const aside = `${path}.${process.pid}.tmp`
  try {
    const handle = await open(aside, 'w', mode)
    try {
      await handle.writeFile(data)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/** Writes `value` as indented JSON with a final newline, atomically. */
export async function writeJsonAtomic(path: string, value: unknown): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`)
}

/** SHA-256 of a file's content, in hex. Read through one buffer: a stream's would pile up, tens of megabytes of them, until the collector comes. */
export async function sha256OfFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  const buffer = new Uint8Array(1 << 20)
  await using file = await open(path, 'r')
  for (;;) {
    signal?.throwIfAborted()
    const { bytesRead } = await file.read(buffer)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
  }
}
