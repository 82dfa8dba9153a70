import { Message, MessageHeader } from 'apache-arrow'
import type { OpenFile } from '../../base/sealed/open-file.ts'
import { verifyMessage } from './verify.ts'

/** Bytes of a message's description, and of a batch of rows as it lies in the file and unpacked: each is held whole. */
const MOST_DESCRIPTION = 64 * 2 ** 20
export const MOST_BATCH = 256 * 2 ** 20

/** What a file begins with that holds a stream between its marks (the IPC file format, Feather 2). */
const FILE_MARK = 'ARROW1'
const CONTINUES = 0xffffffff

/** Why a file cannot be read, as the end of a sentence about it. */
export class ArrowRefusal extends Error {}

/**
 * The messages of an Arrow file, each whole: the library would take the file's word for how long one is. Both forms are read as the stream that they are
 * (Arrow IPC specification, encapsulated messages); what follows the end of the stream is an index that nobody needs.
 */
export async function* arrowMessages(
  handle: OpenFile,
  signal?: AbortSignal,
  onRead: (bytes: number) => void = () => undefined
): AsyncGenerator<Uint8Array, void, undefined> {
  const { size } = await handle.stat()
  const isFile = (await bytesAt(handle, 0, 6)).toString('latin1') === FILE_MARK
  // A stream may end anywhere between two messages; a file that lacks its last mark was cut off.
  if (isFile && (await bytesAt(handle, Math.max(8, size - 6), 6)).toString('latin1') !== FILE_MARK)
    throw new ArrowRefusal(CUT_OFF)
  let at = isFile ? 8 : 0
  for (;;) {
    signal?.throwIfAborted()
    const head = await bytesAt(handle, at, 8)
    if (head.length < 4) return
    // Before Arrow 0.15 there was no mark before the length.
    const isMarked = head.readUInt32LE(0) === CONTINUES
    const prefix = isMarked ? 8 : 4
    const length = head.length < prefix ? 0 : head.readInt32LE(prefix - 4)
    if (length === 0) return
    if (length < 0 || length > MOST_DESCRIPTION || at + prefix + length > size) throw new ArrowRefusal(DAMAGED)
    const description = await bytesAt(handle, at + prefix, length)
    verifyMessage(description)
    const message = Message.decode(new Uint8Array(description))
    const { bodyLength } = message
    if (bodyLength < 0 || at + prefix + length + bodyLength > size) throw new ArrowRefusal(CUT_OFF)
    if (bodyLength > MOST_BATCH) throw new ArrowRefusal(TOO_LARGE)
    const whole = await bytesAt(handle, at, prefix + length + bodyLength)
    refuseExcess(message, whole.subarray(prefix + length))
    yield new Uint8Array(whole.buffer, whole.byteOffset, whole.length)
    at += prefix + length + bodyLength
    onRead(at)
  }
}

const DAMAGED = 'It is damaged'
const CUT_OFF = 'It is damaged, or was not written to its end'
const TOO_LARGE = 'It has a batch of rows of more than 256 MiB: write it again, with fewer rows in each'

/** Refuses more rows than the batch has bits for, and what compressed buffers say that they unpack to: each has its length before it, −1 where it is not compressed. */
function refuseExcess(message: Message, body: Buffer): void {
  if (message.headerType !== MessageHeader.RecordBatch && message.headerType !== MessageHeader.DictionaryBatch) return
  const header = message.header()
  const batch = 'data' in header ? header.data : header
  if (!('buffers' in batch)) return
  const { compression, buffers, length: rows } = batch
  if (compression === null) {
    if (rows > 8 * body.length) throw new ArrowRefusal(DAMAGED)
    return
  }
  let unpacked = 0
  for (const { offset, length } of buffers) {
    if (length < 8) continue
    if (offset < 0 || offset + length > body.length) throw new ArrowRefusal(DAMAGED)
    unpacked += Math.max(length, Number(body.readBigInt64LE(offset)))
  }
  if (rows > 8 * unpacked) throw new ArrowRefusal(DAMAGED)
  if (unpacked > MOST_BATCH) throw new ArrowRefusal(TOO_LARGE)
}

async function bytesAt(handle: OpenFile, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await handle.read(buffer, 0, length, position)
  return buffer.subarray(0, bytesRead)
}
