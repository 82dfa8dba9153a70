/**
 * Looks through a message's description before the library does, which believes every length in it: that of a damaged file would have it build lists
 * until no memory is left. Tables and their slots as the format's schema numbers them (Arrow format/Message.fbs, Schema.fbs; FlatBuffers internals).
 */

const MOST_FIELDS = 100_000
const MOST_DEPTH = 16
const SCHEMA = 1
const DICTIONARY = 2
const BATCH = 3

/** Throws a RangeError where a length or an offset leads out of the description, or there are more fields than any table has. */
export function verifyMessage(description: Buffer): void {
  const message = tableAt(description, description.readInt32LE(0))
  eachOf(description, vector(message, 4), 4, (at) => pair(description, at))
  const kind = slot(message, 1)
  const header = reference(message, 2)
  if (kind === 0 || header === null) throw new RangeError('A message says nothing.')
  const type = description.readUInt8(kind)
  const table = tableAt(description, header)
  if (type === SCHEMA) verifySchema(table)
  else if (type === BATCH) verifyBatch(table)
  else if (type === DICTIONARY) {
    const data = reference(table, 1)
    if (data !== null) verifyBatch(tableAt(description, data))
  }
}

interface Table {
  readonly bytes: Buffer
  readonly at: number
  readonly vtable: number
  readonly slots: number
}

// Buffer's readers throw a RangeError for every place outside of it.
function tableAt(bytes: Buffer, at: number): Table {
  const vtable = at - bytes.readInt32LE(at)
  return { bytes, at, vtable, slots: (bytes.readUInt16LE(vtable) - 4) / 2 }
}

/** Where a slot lies; 0 where the table has none. */
function slot({ bytes, at, vtable, slots }: Table, number: number): number {
  const offset = number < slots ? bytes.readUInt16LE(vtable + 4 + 2 * number) : 0
  return offset === 0 ? 0 : at + offset
}

function reference(table: Table, number: number): number | null {
  const at = slot(table, number)
  return at === 0 ? null : at + table.bytes.readUInt32LE(at)
}

interface Vector {
  readonly at: number
  readonly length: number
}

function vector(table: Table, number: number): Vector {
  const at = reference(table, number)
  return at === null ? { at: 0, length: 0 } : { at: at + 4, length: table.bytes.readUInt32LE(at) }
}

function requireInside(bytes: Buffer, { at, length }: Vector, size: number): void {
  if (at + length * size > bytes.length) throw new RangeError('A list is longer than what holds it.')
}

function eachOf(bytes: Buffer, list: Vector, size: number, look: (at: number) => void): void {
  requireInside(bytes, list, size)
  for (let i = 0; i < list.length; i++) {
    const at = list.at + i * size
    look(at + bytes.readUInt32LE(at))
  }
}

/** A key and its value. */
function pair(bytes: Buffer, at: number): void {
  const table = tableAt(bytes, at)
  for (const part of [0, 1]) requireInside(bytes, vector(table, part), 1)
}

function verifySchema(schema: Table): void {
  const { bytes } = schema
  let fields = 0
  const field =
    (depth: number) =>
    (at: number): void => {
      if (++fields > MOST_FIELDS || depth > MOST_DEPTH) throw new RangeError('There are more columns than any table has.')
      const table = tableAt(bytes, at)
      requireInside(bytes, vector(table, 0), 1)
      eachOf(bytes, vector(table, 6), 4, (each) => pair(bytes, each))
      eachOf(bytes, vector(table, 5), 4, field(depth + 1))
    }
  eachOf(bytes, vector(schema, 2), 4, (at) => pair(bytes, at))
  requireInside(bytes, vector(schema, 3), 8)
  eachOf(bytes, vector(schema, 1), 4, field(0))
}

function verifyBatch(batch: Table): void {
  for (const [number, size] of [
    [1, 16],
    [2, 16],
    [4, 8]
  ] as const)
    requireInside(batch.bytes, vector(batch, number), size)
}
