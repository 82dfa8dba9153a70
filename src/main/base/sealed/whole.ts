import { InputError } from '../errors.ts'
import {
  CHUNK_BYTES,
  fileKey,
  frameAt,
  FULL_FRAME,
  HEADER_BYTES,
  isSealed,
  layoutOf,
  newHeader,
  openFrame,
  readHeader,
  sealFrame,
  type SealingKey
} from './format.ts'
import { journalContent } from './journal.ts'
import { keyRing } from './key-ring.ts'

/** The error for a sealed file that is not as it was written. */
export function sealedDamage(path: string): InputError {
  const sentence = 'An encrypted file was damaged or changed from outside, so it is not used. Restore it from a backup.'
  return new InputError('sealed-damaged', sentence, { file: path })
}

/** `content` as the bytes of a sealed file. */
export function seal(content: Uint8Array, key: SealingKey): Buffer {
  const header = newHeader('whole', key.id)
  const own = fileKey(key, header)
  const frames = Math.max(1, Math.ceil(content.length / CHUNK_BYTES))
  const parts = [header]
  for (let i = 0; i < frames; i++)
    parts.push(sealFrame(own, i, i === frames - 1, content.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES)))
  return Buffer.concat(parts)
}

/** The content of a file's bytes: unsealed, or as they are where the file is not sealed. @throws InputError for damage or a key that is not there */
export function unseal(bytes: Buffer, path: string): Buffer {
  if (!isSealed(bytes)) return bytes
  const header = readHeader(bytes)
  if (!header) throw sealedDamage(path)
  const key = fileKey(keyRing.keyNamed(header.keyId, path), header.bytes)
  if (header.kind === 'journal') {
    const { entries, content } = journalContent(bytes.subarray(HEADER_BYTES), key)
    // The first entry was written together with the header: without it the header is another.
    if (entries === 0) throw sealedDamage(path)
    return content
  }
  const layout = layoutOf(bytes.length)
  if (!layout) throw sealedDamage(path)
  const parts = Array.from({ length: layout.frames }, (_, i) => {
    const frame = bytes.subarray(frameAt(i), frameAt(i) + FULL_FRAME)
    const content = openFrame(key, i, i === layout.frames - 1, frame)
    if (!content) throw sealedDamage(path)
    return content
  })
  return Buffer.concat(parts)
}
