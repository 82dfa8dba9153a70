import type { BigIntStats, Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { CHUNK_BYTES, fileKey, frameAt, FULL_FRAME, HEADER_BYTES, layoutOf, openFrame, type SealedHeader } from './format.ts'
import { keyRing } from './key-ring.ts'
import { sizedStat, type OpenFile } from './open-file.ts'
import { sealedDamage, unseal } from './whole.ts'

/** Chunks that stay open, so that small reads side by side open each once. */
const KEPT = 8

/** A sealed file, read at any place. Positions and sizes are the content's. */
export class SealedReader implements OpenFile {
  readonly #handle: FileHandle
  readonly #path: string
  readonly #key: Buffer
  readonly #frames: number
  readonly #chunks: Map<number, Buffer>
  readonly #size: number
  #position = 0

  private constructor(
    handle: FileHandle,
    path: string,
    key: Buffer,
    content: { frames: number; size: number; chunks?: Map<number, Buffer> }
  ) {
    this.#handle = handle
    this.#path = path
    this.#key = key
    this.#frames = content.frames
    this.#size = content.size
    this.#chunks = content.chunks ?? new Map<number, Buffer>()
  }

  /** Takes the handle over. Refuses a file that was cut off, whichever part of it will be read. */
  static async open(handle: FileHandle, header: SealedHeader, path: string): Promise<SealedReader> {
    const key = fileKey(keyRing.keyNamed(header.keyId, path), header.bytes)
    const { size: fileBytes } = await handle.stat()
    if (header.kind === 'journal') {
      const bytes = Buffer.alloc(fileBytes)
      await handle.read(bytes, 0, fileBytes, 0)
      const content = unseal(bytes, path)
      const frames = Math.max(1, Math.ceil(content.length / CHUNK_BYTES))
      const chunks = new Map(
        Array.from({ length: frames }, (_, i) => [i, content.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES)])
      )
      return new SealedReader(handle, path, key, { frames: 0, size: content.length, chunks })
    }
    const layout = layoutOf(fileBytes)
    if (!layout) throw sealedDamage(path)
    const reader = new SealedReader(handle, path, key, layout)
    await reader.#chunk(layout.frames - 1)
    return reader
  }

  async read(
    buffer: Uint8Array,
    offset?: number | null,
    length?: number | null,
    position?: number | null
  ): Promise<{ readonly bytesRead: number }> {
    const start = position ?? this.#position
    const into = buffer.subarray(offset ?? 0, (offset ?? 0) + (length ?? buffer.length - (offset ?? 0)))
    const wanted = Math.max(0, Math.min(into.length, this.#size - start))
    for (let done = 0; done < wanted;) {
      const at = start + done
      const chunk = await this.#chunk(Math.floor(at / CHUNK_BYTES))
      const part = chunk.subarray(at % CHUNK_BYTES, (at % CHUNK_BYTES) + wanted - done)
      into.set(part, done)
      done += part.length
    }
    if (position === null || position === undefined) this.#position += wanted
    return { bytesRead: wanted }
  }

  async readFile(encoding: 'utf8'): Promise<string> {
    const all = Buffer.alloc(this.#size)
    await this.read(all, 0, all.length, 0)
    return all.toString(encoding)
  }

  stat(): Promise<Stats>
  stat(options: { readonly bigint: true }): Promise<BigIntStats>
  async stat(options?: { readonly bigint: true }): Promise<Stats | BigIntStats> {
    return sizedStat(this.#handle, this.#size, options)
  }

  write(): Promise<never> {
    return refuseWriting()
  }

  writeFile(): Promise<never> {
    return refuseWriting()
  }

  async sync(): Promise<void> {
    await this.#handle.sync()
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #chunk(index: number): Promise<Buffer> {
    const known = this.#chunks.get(index)
    if (known) return known
    const frame = Buffer.allocUnsafe(FULL_FRAME)
    const { bytesRead } = await this.#handle.read(frame, 0, FULL_FRAME, frameAt(index))
    const content = openFrame(this.#key, index, index === this.#frames - 1, frame.subarray(0, bytesRead))
    if (!content) throw sealedDamage(this.#path)
    if (this.#chunks.size >= KEPT) for (const oldest of [...this.#chunks.keys()].slice(0, 1)) this.#chunks.delete(oldest)
    this.#chunks.set(index, content)
    return content
  }
}

const refuseWriting = async (): Promise<never> => {
  throw new Error('a sealed file that was opened for reading was written to')
}

/** The header of a file that is open, as far as it reaches. */
export async function headerBytes(handle: FileHandle): Promise<Buffer> {
  const bytes = Buffer.alloc(HEADER_BYTES)
  const { bytesRead } = await handle.read(bytes, 0, HEADER_BYTES, 0)
  return bytes.subarray(0, bytesRead)
}
