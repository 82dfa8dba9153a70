import { crc32, deflateRawSync } from 'node:zlib'

export interface RawEntry {
  readonly name: string
  readonly data?: Uint8Array | string
  /** Deflated instead of stored. */
  readonly deflated?: boolean
  /** What the table of contents says instead of the truth. */
  readonly claims?: { readonly size?: number; readonly packedSize?: number; readonly offset?: number }
  readonly flags?: number
  /** Unix mode, as it stands in the table of contents. */
  readonly mode?: number
}

/** A zip with whatever names, sizes and flags a test wants, which no library would write. */
export function rawZip(entries: readonly RawEntry[]): Buffer {
  const parts: Buffer[] = []
  const contents: Buffer[] = []
  let at = 0
  for (const { name, data = '', deflated = false, claims = {}, flags = 0, mode = 0o100644 } of entries) {
    const plain = Buffer.from(data as string) // Buffer.from takes either.
    const packed = deflated ? deflateRawSync(plain) : plain
    const path = Buffer.from(name, 'latin1')
    const method = deflated ? 8 : 0
    const fields = [20, flags, method, 0, 0]
    const sizes = [crc32(plain), claims.packedSize ?? packed.length, claims.size ?? plain.length]
    const local = Buffer.concat([u32(0x04034b50), ...fields.map(u16), ...sizes.map(u32), u16(path.length), u16(0), path, packed])
    const central = [u32(0x02014b50), u16(0x0314), ...fields.map(u16), ...sizes.map(u32), u16(path.length)]
    const place = [u16(0), u16(0), u16(0), u16(0), u32((mode << 16) >>> 0), u32(claims.offset ?? at), path]
    contents.push(Buffer.concat([...central, ...place]))
    parts.push(local)
    at += local.length
  }
  const table = Buffer.concat(contents)
  const counts = [0, 0, entries.length, entries.length].map(u16)
  return Buffer.concat([...parts, table, u32(0x06054b50), ...counts, u32(table.length), u32(at), u16(0)])
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
