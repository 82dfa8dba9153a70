/**
 * Whether `value` is a SentencePiece character map, in base64, that the native library can follow without leaving its tables (it would
 * abort the process). The bytes are: the length of a table (uint32), the table, then UTF-8 texts, each ended by a zero byte.
 *
 * The table is a double array over the bytes of what is replaced (Darts): the state after a unit is its position ^ its offset; the byte c
 * leads from state p to the unit at p ^ c if that unit's label is c; a unit with a leaf has its value, a position in the texts, at its
 * state.
 */
export function isCharacterMap(value: unknown): boolean {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) return false
  const bytes = Buffer.from(value, 'base64')
  if (bytes.length < 4) return false
  const tableBytes = bytes.readUInt32LE(0)
  if (tableBytes === 0 || tableBytes % 4 !== 0 || 4 + tableBytes > bytes.length) return false
  const texts = bytes.subarray(4 + tableBytes)
  const table = Uint32Array.from({ length: tableBytes / 4 }, (_, i) => bytes.readUInt32LE(4 + 4 * i))
  return isUtf8(texts) && isSound(table, texts)
}

const HAS_LEAF = 1 << 8
const LABEL = 0x800000ff
const VALUE = 0x7fffffff

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6)
}

function isSound(table: Uint32Array, texts: Uint8Array): boolean {
  const states = [offsetOf(table[0] ?? 0)]
  const seen = new Set(states)
  for (let state = states.pop(); state !== undefined; state = states.pop()) {
    if ((state | 0xff) >= table.length) return false
    for (let byte = 1; byte < 256; byte++) {
      const position = state ^ byte
      const unit = table[position] ?? 0
      if ((unit & LABEL) >>> 0 !== byte) continue
      const next = position ^ offsetOf(unit)
      if ((unit & HAS_LEAF) !== 0 && !isTextAt((table[next] ?? VALUE) & VALUE, texts)) return false
      if (!seen.has(next)) states.push(next)
      seen.add(next)
    }
  }
  return true
}

/** Whether a text may begin at `position`: within the texts or at their end, and not inside a character. */
function isTextAt(position: number, texts: Uint8Array): boolean {
  return position <= texts.length && ((texts[position] ?? 0) & 0xc0) !== 0x80
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
