import { bytesOf } from './bytes.ts'

/** The first bytes of a file, at most about `most`, and whether they are all of it. For looking at what a file is, before it is read. */
export async function headOf(
  path: string,
  most: number,
  signal?: AbortSignal
): Promise<{ readonly bytes: Buffer; readonly isWhole: boolean }> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of bytesOf(path, signal)) {
    // The chunk's buffer is used again for the next one.
    pieces.push(Buffer.from(piece))
    length += piece.length
    if (length >= most) return { bytes: Buffer.concat(pieces), isWhole: false }
  }
  return { bytes: Buffer.concat(pieces), isWhole: true }
}

/** A guess at the text of these bytes: UTF-16 by its byte order mark, else UTF-8, in which bytes that are none are replaced. */
export function roughText(bytes: Buffer, encoding?: string): string {
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null
  return new TextDecoder(marked ?? encoding ?? 'utf-8').decode(bytes)
}
