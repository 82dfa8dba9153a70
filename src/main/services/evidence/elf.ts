const DYNAMIC_SYMBOLS = 11
const SECTION = 64
const SYMBOL = 24

interface Section {
  readonly type: number
  readonly offset: number
  readonly size: number
  /** The section that this one points to. */
  readonly link: number
}

/**
 * Names of the functions that a 64-bit little-endian ELF library takes from others (System V ABI, chapter 4); null where the bytes are no such
 * library.
 */
export function importedSymbols(bytes: Buffer): ReadonlySet<string> | null {
  const isElf = bytes.length > SECTION && bytes.readUInt32BE(0) === 0x7f454c46 && bytes[4] === 2 && bytes[5] === 1
  if (!isElf) return null
  try {
    return symbolsOf(bytes)
  } catch (error) {
    // A header that leads beyond the end of the file: not a library that the system would load.
    if (error instanceof RangeError) return null
    throw error
  }
}

function symbolsOf(bytes: Buffer): ReadonlySet<string> | null {
  const table = Number(bytes.readBigUInt64LE(0x28))
  const sections = Array.from({ length: bytes.readUInt16LE(0x3c) }, (_, i) => sectionAt(bytes, table + i * SECTION))
  const dynamic = sections.find(({ type }) => type === DYNAMIC_SYMBOLS)
  const texts = dynamic && sections[dynamic.link]
  if (!texts) return null
  const names = new Set<string>()
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += SYMBOL) {
    const isForeign = bytes.readUInt16LE(at + 6) === 0
    if (isForeign) names.add(textAt(bytes, texts.offset + bytes.readUInt32LE(at)))
  }
  return names
}

function sectionAt(bytes: Buffer, at: number): Section {
  return {
    type: bytes.readUInt32LE(at + 4),
    offset: Number(bytes.readBigUInt64LE(at + 24)),
    size: Number(bytes.readBigUInt64LE(at + 32)),
    link: bytes.readUInt32LE(at + 40)
  }
}

const textAt = (bytes: Buffer, at: number): string => bytes.toString('latin1', at, bytes.indexOf(0, at))
