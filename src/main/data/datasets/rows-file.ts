import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { createWriteStream, open, stat } from '../../base/sealed/fs.ts'
import type { OpenFile } from '../../base/sealed/open-file.ts'

/** Where rows begin and in which line of the person's file: 12 bytes a row, so that any page of a million rows is two reads. */
const ENTRY = 12
const FLUSH_BYTES = 1 << 20

/** Writes a table's rows for paging: one JSON array of cells a line, and beside it where each line begins. */
export class RowsWriter {
  readonly #rows: Writable
  readonly #index: Writable
  #held: string[] = []
  #heldLength = 0
  #entries: Buffer[] = []
  #at = 0
  #count = 0

  constructor(path: string) {
    this.#rows = createWriteStream(path, { mode: 0o600 })
    this.#index = createWriteStream(`${path}.idx`, { mode: 0o600 })
  }

  get count(): number {
    return this.#count
  }

  async add(line: number, cells: readonly string[]): Promise<void> {
    const text = `${JSON.stringify(cells)}\n`
    const entry = Buffer.allocUnsafe(ENTRY)
    entry.writeDoubleLE(this.#at, 0)
    entry.writeUInt32LE(line, 8)
    this.#entries.push(entry)
    this.#held.push(text)
    this.#heldLength += text.length
    this.#at += Buffer.byteLength(text)
    this.#count++
    if (this.#heldLength >= FLUSH_BYTES) await this.#flush()
  }

  async close(): Promise<void> {
    await this.#flush()
    for (const stream of [this.#rows, this.#index]) {
      stream.end()
      await once(stream, 'close')
    }
  }

  async #flush(): Promise<void> {
    const [text, entries] = [this.#held.join(''), Buffer.concat(this.#entries)]
    this.#held = []
    this.#heldLength = 0
    this.#entries = []
    if (!this.#rows.write(text)) await once(this.#rows, 'drain')
    if (!this.#index.write(entries)) await once(this.#index, 'drain')
  }
}

/** One row as a page shows it. */
export interface StoredRow {
  readonly line: number
  readonly cells: readonly string[]
}

/** Rows of one table at hand, for who asks often. */
export interface RowsReader {
  /** `count` rows from row `from` (counted from 0), fewer where the table ends. */
  readonly read: (from: number, count: number) => Promise<readonly StoredRow[]>
  readonly close: () => Promise<void>
}

export async function openRows(path: string): Promise<RowsReader> {
  const index = await open(`${path}.idx`)
  const rows = await open(path).catch(async (error: unknown) => {
    await index.close()
    throw error
  })
  return {
    read: (from, count) => rowsBetween(index, rows, from, count),
    close: async () => {
      await index.close()
      await rows.close()
    }
  }
}

/** `count` rows from row `from` (counted from 0), fewer where the table ends. */
export async function readRows(path: string, from: number, count: number): Promise<readonly StoredRow[]> {
  const reader = await openRows(path)
  try {
    return await reader.read(from, count)
  } finally {
    await reader.close()
  }
}

async function rowsBetween(index: OpenFile, rows: OpenFile, from: number, count: number): Promise<readonly StoredRow[]> {
  const entries = await readAt(index, from * ENTRY, (count + 1) * ENTRY)
  const have = Math.min(count, Math.floor(entries.length / ENTRY))
  if (have <= 0) return []
  const start = entries.readDoubleLE(0)
  const { size } = await rows.stat()
  const end = entries.length >= (have + 1) * ENTRY ? entries.readDoubleLE(have * ENTRY) : size
  const lines = (await readAt(rows, start, end - start)).toString('utf8').split('\n')
  return Array.from({ length: have }, (_, i) => ({
    line: entries.readUInt32LE(i * ENTRY + 8),
    cells: JSON.parse(lines[i] ?? '[]') as string[] // Written by RowsWriter.
  }))
}

/** Rows of a table that was laid down for paging. */
export async function rowCount(path: string): Promise<number> {
  return Math.floor((await stat(`${path}.idx`)).size / ENTRY)
}

/** Every row in order, a thousand at a time. */
export async function* allRows(path: string, signal?: AbortSignal): AsyncGenerator<StoredRow, void, undefined> {
  const reader = await openRows(path)
  try {
    for (let from = 0; ; from += PAGE) {
      signal?.throwIfAborted()
      const rows = await reader.read(from, PAGE)
      yield* rows
      if (rows.length < PAGE) return
    }
  } finally {
    await reader.close()
  }
}

const PAGE = 1000

/** The rows that begin at these lines of the person's file; lines at which none begins are left out. */
export async function readRowsAtLines(path: string, lines: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>> {
  const found = new Map<number, readonly string[]>()
  const index = await open(`${path}.idx`)
  try {
    const count = Math.floor((await index.stat()).size / ENTRY)
    for (const line of new Set(lines)) {
      const row = await rowAtLine(index, count, line)
      const [stored] = row === null ? [] : await readRows(path, row, 1)
      if (stored) found.set(line, stored.cells)
    }
  } finally {
    await index.close()
  }
  return found
}

/** Lines only rise, so that halving finds a row in some twenty small reads. */
async function rowAtLine(index: OpenFile, count: number, line: number): Promise<number | null> {
  let [low, high] = [0, count - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const here = (await readAt(index, middle * ENTRY, ENTRY)).readUInt32LE(8)
    if (here === line) return middle
    if (here < line) low = middle + 1
    else high = middle - 1
  }
  return null
}

async function readAt(handle: OpenFile, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.max(0, length))
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, position)
  return buffer.subarray(0, bytesRead)
}
