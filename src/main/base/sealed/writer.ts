import type { BigIntStats, Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { CHUNK_BYTES, fileKey, frameAt, FULL_FRAME, newHeader, openFrame, sealFrame, type SealingKey } from './format.ts'
import { sizedStat, type OpenFile } from './open-file.ts'
import { sealedDamage } from './whole.ts'

/** Chunks that wait to be written: 2 MiB. */
const HELD = 32

interface Chunk {
  /** Always of full length; the file's size says how much of the last one counts. */
  readonly bytes: Buffer
}

/**
 * A file that is sealed while it is written, at any place and in any order. Until `sync` or `close` its last chunk is not marked as the last: a file
 * that was left before is refused by readers.
 */
export class SealedWriter implements OpenFile {
  readonly #handle: FileHandle
  readonly #path: string
  readonly #header: Buffer
  readonly #key: Buffer
  readonly #held = new Map<number, Chunk>()
  /** Chunks that are on disk, none of them marked as the last. */
  readonly #written = new Set<number>()
  #size = 0
  #position = 0
  #isFinal = false

  private constructor(handle: FileHandle, path: string, key: SealingKey) {
    this.#handle = handle
    this.#path = path
    this.#header = newHeader('whole', key.id)
    this.#key = fileKey(key, this.#header)
  }

  /** Takes over the handle of an empty file, which must be open for reading too. */
  static async open(handle: FileHandle, path: string, key: SealingKey): Promise<SealedWriter> {
    const writer = new SealedWriter(handle, path, key)
    await writer.#put(writer.#header, 0)
    return writer
  }

  async write(
    buffer: Uint8Array,
    offset?: number | null,
    length?: number | null,
    position?: number | null
  ): Promise<{ readonly bytesWritten: number }> {
    const from = buffer.subarray(offset ?? 0, (offset ?? 0) + (length ?? buffer.length - (offset ?? 0)))
    const start = position ?? this.#position
    for (let done = 0; done < from.length;) {
      const at = start + done
      const part = from.subarray(done, done + CHUNK_BYTES - (at % CHUNK_BYTES))
      const chunk = await this.#chunk(Math.floor(at / CHUNK_BYTES))
      chunk.bytes.set(part, at % CHUNK_BYTES)
      done += part.length
    }
    this.#size = Math.max(this.#size, start + from.length)
    this.#isFinal = false
    if (position === null || position === undefined) this.#position = start + from.length
    return { bytesWritten: from.length }
  }

  async writeFile(data: string | Uint8Array): Promise<void> {
    await this.write(typeof data === 'string' ? Buffer.from(data) : data)
  }

  async sync(): Promise<void> {
    await this.#finish()
    await this.#handle.sync()
  }

  async close(): Promise<void> {
    try {
      await this.#finish()
    } finally {
      await this.#handle.close()
    }
  }

  stat(): Promise<Stats>
  stat(options: { readonly bigint: true }): Promise<BigIntStats>
  async stat(options?: { readonly bigint: true }): Promise<Stats | BigIntStats> {
    return sizedStat(this.#handle, this.#size, options)
  }

  read(): Promise<never> {
    return refuseReading()
  }

  readFile(): Promise<never> {
    return refuseReading()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #chunk(index: number): Promise<Chunk> {
    const held = this.#held.get(index)
    if (held) return held
    if (this.#held.size >= HELD) for (const oldest of [...this.#held.keys()].slice(0, 1)) await this.#release(oldest)
    const chunk: Chunk = { bytes: Buffer.alloc(CHUNK_BYTES) }
    if (this.#written.has(index)) (await this.#stored(index)).copy(chunk.bytes)
    this.#held.set(index, chunk)
    return chunk
  }

  async #stored(index: number): Promise<Buffer> {
    const frame = Buffer.allocUnsafe(FULL_FRAME)
    const { bytesRead } = await this.#handle.read(frame, 0, FULL_FRAME, frameAt(index))
    const content = openFrame(this.#key, index, false, frame.subarray(0, bytesRead))
    if (!content) throw sealedDamage(this.#path)
    return content
  }

  async #release(index: number): Promise<void> {
    const chunk = this.#held.get(index)
    if (chunk) await this.#put(sealFrame(this.#key, index, false, chunk.bytes), frameAt(index))
    this.#written.add(index)
    this.#held.delete(index)
  }

  /** Writes everything; the last chunk stays at hand, because it is another one as soon as the file grows. */
  async #finish(): Promise<void> {
    if (this.#isFinal) return
    const last = Math.max(0, Math.ceil(this.#size / CHUNK_BYTES) - 1)
    // What nobody wrote to is zeros, as in any file.
    for (let i = 0; i < last; i++) if (this.#held.has(i) || !this.#written.has(i)) await this.#release(await this.#touch(i))
    const { bytes } = await this.#chunk(last)
    const frame = sealFrame(this.#key, last, true, bytes.subarray(0, this.#size - last * CHUNK_BYTES))
    await this.#put(frame, frameAt(last))
    await this.#handle.truncate(frameAt(last) + frame.length)
    this.#written.delete(last)
    this.#isFinal = true
  }

  async #touch(index: number): Promise<number> {
    await this.#chunk(index)
    return index
  }

  async #put(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;)
      done += (await this.#handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
}

const refuseReading = async (): Promise<never> => {
  throw new Error('a sealed file that was opened for writing was read')
}
