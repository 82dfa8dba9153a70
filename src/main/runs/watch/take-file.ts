import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { constants } from 'node:fs/promises'
import { InputError, systemCodeOf } from '../../base/errors.ts'
import { createWriteStream, open } from '../../base/sealed/fs.ts'
import { showBytes } from '../../base/storage-problem.ts'

// A link that takes the file's place is not followed, and a pipe is not waited for; Windows has neither flag.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- Windows has no such flags, whatever the types say
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
const PIECE = 1 << 20

/** A file's own copy, and what it held. */
export interface Taken {
  readonly sha256: string
  readonly bytes: number
}

/** Copies a file as it is now, through one handle. @throws InputError for what is no file, too large or not to be read */
export async function takeFile(from: string, to: string, name: string, most: number, signal: AbortSignal): Promise<Taken> {
  const refuse = (why: string, cause?: unknown): InputError =>
    new InputError('watch-file', `${name} cannot be answered: ${why}.`, { file: from }, { cause })
  const handle = await open(from, FLAGS).catch((error: unknown) => {
    const code = systemCodeOf(error)
    if (code === 'ELOOP') throw refuse('it is a link, and only files of the watched folder itself are read', error)
    if (code === 'EACCES' || code === 'EPERM' || code === 'EBUSY') throw refuse('it may not be read', error)
    throw error
  })
  try {
    const found = await handle.stat()
    if (!found.isFile()) throw refuse('it is no ordinary file')
    if (found.size > most) throw refuse(`it has ${showBytes(found.size)}, and ${showBytes(most)} are read at most. Divide it first`)
    const hash = createHash('sha256')
    const out = createWriteStream(to, { mode: 0o600, flags: 'wx' })
    const buffer = Buffer.allocUnsafe(PIECE)
    let bytes = 0
    try {
      for (;;) {
        signal.throwIfAborted()
        const { bytesRead } = await handle.read(buffer, 0, PIECE, null)
        if (bytesRead === 0) return { sha256: hash.digest('hex'), bytes }
        bytes += bytesRead
        if (bytes > most) throw refuse('it grows while it is read')
        hash.update(buffer.subarray(0, bytesRead))
        // The buffer is used again for the next piece.
        if (!out.write(Buffer.from(buffer.subarray(0, bytesRead)))) await once(out, 'drain')
      }
    } finally {
      out.end()
      await once(out, 'close')
    }
  } finally {
    await handle.close()
  }
}
