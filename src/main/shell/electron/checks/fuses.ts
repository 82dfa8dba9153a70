import { open } from 'node:fs/promises'
import { join } from 'node:path'

/** What follows this in Electron's program is its version of the wire, how long the wire is, and a byte for each fuse. */
const SENTINEL = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX')

/** Fuses by their place in the wire, as electron-builder.yml sets them (https://www.electronjs.org/docs/latest/tutorial/fuses). */
export const WANTED_FUSES = [
  { index: 0, name: 'run as Node', isOn: false },
  { index: 1, name: 'encrypted cookies', isOn: true },
  { index: 2, name: 'NODE_OPTIONS', isOn: false },
  { index: 3, name: 'inspection', isOn: false },
  { index: 4, name: 'checked archive', isOn: true },
  { index: 5, name: 'only the archive', isOn: true }
] as const

/** The file that holds the fuses: on macOS a library beside the program. */
export const fuseFile = (program: string, platform: NodeJS.Platform = process.platform): string =>
  platform === 'darwin' ? join(program, '../../Frameworks/Electron Framework.framework/Electron Framework') : program

const CHUNK = 1 << 22

/** Whether each fuse in the file is on, by its place; null where the file has none. Read piece by piece: it may have 200 MB. */
export async function readFuses(path: string): Promise<readonly boolean[] | null> {
  await using file = await open(path, 'r')
  // Whatever lies across two pieces is found in the second, which begins that much earlier.
  const overlap = SENTINEL.length + 2 + 255
  const buffer = Buffer.alloc(CHUNK + overlap)
  for (let at = 0; ; at += CHUNK) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
    const piece = buffer.subarray(0, bytesRead)
    const found = piece.indexOf(SENTINEL)
    if (found >= 0) return wireAt(piece, found + SENTINEL.length)
    if (bytesRead < buffer.length) return null
  }
}

/** A version of the wire that is not the first has another order. */
function wireAt(piece: Buffer, at: number): readonly boolean[] | null {
  if (piece[at] !== 1) return null
  return [...piece.subarray(at + 2, at + 2 + (piece[at + 1] ?? 0))].map((byte) => byte === 0x31)
}
