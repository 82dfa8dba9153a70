import { openFrame, sealFrame, FRAME_OVERHEAD } from './format.ts'

const LENGTH_BYTES = 4

/** One entry of a journal: its content's length, then its frame. */
export function sealEntry(key: Buffer, index: number, content: Uint8Array): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(content.length)
  return Buffer.concat([length, sealFrame(key, index, false, content)])
}

/**
 * The content of a journal's entries up to the first that is not whole: a crash leaves such an end, as it leaves half a line in a plain file. What is
 * returned is always a beginning of what was appended, never anything else. `bytes` counts those of the entries that are whole.
 */
export function journalContent(
  body: Buffer,
  key: Buffer
): { readonly content: Buffer; readonly entries: number; readonly bytes: number } {
  const parts: Buffer[] = []
  let at = 0
  while (at + LENGTH_BYTES <= body.length) {
    const end = at + LENGTH_BYTES + body.readUInt32LE(at) + FRAME_OVERHEAD
    const content = end > body.length ? null : openFrame(key, parts.length, false, body.subarray(at + LENGTH_BYTES, end))
    if (!content) break
    parts.push(content)
    at = end
  }
  return { content: Buffer.concat(parts), entries: parts.length, bytes: at }
}
