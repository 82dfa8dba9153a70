import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/*
 * A sealed file: 48 bytes of header, then frames.
 *   header   8 magic · 1 kind · 7 zero · 16 id of the key · 16 random id of the file
 *   whole    frames of 65,536 bytes of content (the last one has what is left, perhaps nothing): 12 nonce · content · 16 tag
 *   journal  frames of any length, each preceded by its content's length as a uint32: what was there before, then one frame for each time that something
 *            was appended
 * Every file has a key of its own: HKDF-SHA-256 of the folder's key with the file's id as salt and the header as info, so that a frame of one file is
 * no frame of another. A frame's place, and whether it is the last, are authenticated with it: frames cannot change places, nor be cut off.
 */
const MAGIC = Buffer.from('ATNSEAL1', 'latin1')
export const HEADER_BYTES = 48
export const CHUNK_BYTES = 1 << 16
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Bytes that a frame takes besides its content. */
export const FRAME_OVERHEAD = NONCE_BYTES + TAG_BYTES
export const FULL_FRAME = CHUNK_BYTES + FRAME_OVERHEAD

export type SealedKind = 'whole' | 'journal'

/** A key that seals files: 256 bits, and the id by which files name it. */
export interface SealingKey {
  /** 32 hex digits. */
  readonly id: string
  readonly bytes: Buffer
}

export interface SealedHeader {
  readonly kind: SealedKind
  readonly keyId: string
  readonly bytes: Buffer
}

/** The header of a sealed file; null where the bytes begin none. */
export function readHeader(bytes: Buffer): SealedHeader | null {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) return null
  const kind = bytes[8]
  if ((kind !== 0 && kind !== 1) || !bytes.subarray(9, 16).equals(Buffer.alloc(7))) return null
  return { kind: kind === 0 ? 'whole' : 'journal', keyId: bytes.toString('hex', 16, 32), bytes: bytes.subarray(0, HEADER_BYTES) }
}

/** Whether the bytes claim to be a sealed file, whatever is wrong with the rest. */
export const isSealed = (bytes: Buffer): boolean => bytes.subarray(0, 8).equals(MAGIC)

export function newHeader(kind: SealedKind, keyId: string): Buffer {
  const reserved = Buffer.alloc(8)
  reserved[0] = kind === 'whole' ? 0 : 1
  return Buffer.concat([MAGIC, reserved, Buffer.from(keyId, 'hex'), randomBytes(16)])
}

/** The key of the one file that begins with `header`. */
export function fileKey({ bytes }: SealingKey, header: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', bytes, header.subarray(32, 48), header.subarray(0, 32), 32))
}

function placeOf(index: number, isLast: boolean): Buffer {
  const place = Buffer.alloc(9)
  place.writeBigUInt64LE(BigInt(index), 0)
  place[8] = isLast ? 1 : 0
  return place
}

/** One frame: nonce, content, tag. A frame that is written again gets another nonce. */
export function sealFrame(key: Buffer, index: number, isLast: boolean, content: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(placeOf(index, isLast))
  const sealed = cipher.update(content)
  cipher.final()
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()])
}

/** The content of a frame; null where it is not as it was sealed, or not at this place of this file. */
export function openFrame(key: Buffer, index: number, isLast: boolean, frame: Uint8Array): Buffer | null {
  if (frame.length < FRAME_OVERHEAD) return null
  const decipher = createDecipheriv('aes-256-gcm', key, frame.subarray(0, NONCE_BYTES)).setAAD(placeOf(index, isLast))
  decipher.setAuthTag(frame.subarray(frame.length - TAG_BYTES))
  const content = decipher.update(frame.subarray(NONCE_BYTES, frame.length - TAG_BYTES))
  try {
    decipher.final()
    return content
  } catch {
    return null
  }
}

/** How many frames and how many bytes of content a whole file of `fileBytes` has; null where no sealed file has this size. */
export function layoutOf(fileBytes: number): { readonly frames: number; readonly size: number } | null {
  const body = fileBytes - HEADER_BYTES
  const frames = Math.ceil(body / FULL_FRAME)
  const last = body - (frames - 1) * FULL_FRAME
  if (body < FRAME_OVERHEAD || last < FRAME_OVERHEAD) return null
  return { frames, size: body - frames * FRAME_OVERHEAD }
}

/** Where frame `index` of a whole file begins. */
export const frameAt = (index: number): number => HEADER_BYTES + index * FULL_FRAME
