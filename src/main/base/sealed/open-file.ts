import type { BigIntStats, Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'

/** An open file, sealed or not: the part of Node's FileHandle that this program uses. */
export interface OpenFile {
  read(
    buffer: Uint8Array,
    offset?: number | null,
    length?: number | null,
    position?: number | null
  ): Promise<{ readonly bytesRead: number }>
  write(
    buffer: Uint8Array,
    offset?: number | null,
    length?: number | null,
    position?: number | null
  ): Promise<{ readonly bytesWritten: number }>
  readFile(encoding: 'utf8'): Promise<string>
  writeFile(data: string | Uint8Array): Promise<void>
  stat(): Promise<Stats>
  stat(options: { readonly bigint: true }): Promise<BigIntStats>
  sync(): Promise<void>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** What the system says of a sealed file, but with the size of its content in bytes. */
export async function sizedStat(
  handle: FileHandle,
  size: number,
  options?: { readonly bigint: true }
): Promise<Stats | BigIntStats> {
  if (options) {
    const stats = await handle.stat(options)
    stats.size = BigInt(size)
    return stats
  }
  const stats = await handle.stat()
  stats.size = size
  return stats
}
