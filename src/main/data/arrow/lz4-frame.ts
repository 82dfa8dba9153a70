/** LZ4 frames (lz4_Frame_format.md 1.6.4), which is how Arrow compresses by default: whole frames, checksums passed over. */

const MAGIC = 0x184d2204
const UNCOMPRESSED = 0x80000000
const damaged = (): RangeError => new RangeError('An LZ4 frame is damaged.')

/** Unpacks one frame. Throws a RangeError where it is damaged, or longer than `most` bytes. */
export function unpackLz4Frame(bytes: Uint8Array, most: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 7 || view.getUint32(0, true) !== MAGIC) throw damaged()
  const flags = view.getUint8(4)
  const [hasBlockSums, hasSize, hasDictionary] = [(flags & 16) !== 0, (flags & 8) !== 0, (flags & 1) !== 0]
  if (flags >>> 6 !== 1 || hasDictionary) throw damaged()
  let at = 7 + (hasSize ? 8 : 0)
  const out = new Output(hasSize ? Math.min(most, Number(view.getBigUint64(6, true))) : 4 * bytes.length, most)
  for (;;) {
    if (at + 4 > bytes.length) throw damaged()
    const size = view.getUint32(at, true)
    at += 4
    if (size === 0) return out.bytes()
    const length = size & 0x7fffffff
    if (at + length > bytes.length) throw damaged()
    const block = bytes.subarray(at, at + length)
    // A block may repeat what earlier blocks hold, so that all go into one output.
    if ((size & UNCOMPRESSED) !== 0) out.append(block)
    else unpackBlock(block, out)
    at += length + (hasBlockSums ? 4 : 0)
  }
}

class Output {
  #bytes: Uint8Array
  #length = 0
  readonly #most: number

  constructor(expected: number, most: number) {
    this.#bytes = new Uint8Array(Math.min(most, Math.max(64, expected)))
    this.#most = most
  }

  append(piece: Uint8Array): void {
    this.#reserve(piece.length)
    this.#bytes.set(piece, this.#length)
    this.#length += piece.length
  }

  /** Repeats what stands `distance` bytes back; it may overlap with what is written. */
  repeat(distance: number, length: number): void {
    if (distance === 0 || distance > this.#length) throw damaged()
    this.#reserve(length)
    const bytes = this.#bytes
    for (let i = 0, to = this.#length; i < length; i++, to++) bytes[to] = bytes[to - distance] ?? 0
    this.#length += length
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed > this.#most) throw damaged()
    if (needed <= this.#bytes.length) return
    const larger = new Uint8Array(Math.min(this.#most, Math.max(needed, 2 * this.#bytes.length)))
    larger.set(this.bytes())
    this.#bytes = larger
  }
}

/** Literals, then a match of at least four bytes, and so on; the last has no match (lz4_Block_format.md). */
function unpackBlock(block: Uint8Array, out: Output): void {
  let at = 0
  const next = (): number => {
    const byte = block[at++]
    if (byte === undefined) throw damaged()
    return byte
  }
  const extended = (short: number): number => {
    let length = short
    if (short < 15) return length
    for (let byte = 255; byte === 255;) length += byte = next()
    return length
  }
  while (at < block.length) {
    const token = next()
    const literals = extended(token >>> 4)
    if (at + literals > block.length) throw damaged()
    out.append(block.subarray(at, at + literals))
    at += literals
    if (at === block.length) return
    const distance = next() | (next() << 8)
    out.repeat(distance, 4 + extended(token & 15))
  }
}
