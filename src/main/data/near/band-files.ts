import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { join } from 'node:path'
import { createWriteStream, readFile } from '../../base/sealed/fs.ts'

/** A key of 8 bytes and the number of a row. */
const ENTRY = 12
/** Files among which keys are divided: each is read whole, 4 MB of a million rows. */
const FILES = 64
const FLUSH_ENTRIES = 8192

/** Rows that share a key. */
export type Bucket = Int32Array

/** Keys of rows on disk, so that a million rows need no more memory than one file of them. */
export class BandFiles {
  readonly #folder: string
  readonly #files: { readonly out: Writable; held: Buffer; count: number }[]

  /** `folder` must be there and empty; whoever made it removes it. */
  constructor(folder: string) {
    this.#folder = folder
    this.#files = Array.from({ length: FILES }, (_, i) => ({
      out: createWriteStream(this.#path(i), { mode: 0o600 }),
      held: Buffer.allocUnsafe(ENTRY * FLUSH_ENTRIES),
      count: 0
    }))
  }

  async add(row: number, keys: Float64Array): Promise<void> {
    for (const key of keys) {
      const file = this.#files[key % FILES]
      if (!file) continue
      file.held.writeDoubleLE(key, file.count * ENTRY)
      file.held.writeUInt32LE(row, file.count * ENTRY + 8)
      if (++file.count === FLUSH_ENTRIES) await flush(file)
    }
  }

  async close(): Promise<void> {
    for (const file of this.#files) {
      await flush(file)
      file.out.end()
      await once(file.out, 'close')
    }
  }

  /** Rows that share a key, two or more, once all are written. */
  async *buckets(): AsyncGenerator<Bucket, void, undefined> {
    for (let i = 0; i < FILES; i++) yield* bucketsIn(await readFile(this.#path(i)))
  }

  #path(file: number): string {
    return join(this.#folder, `bands-${file}`)
  }
}

async function flush(file: { readonly out: Writable; held: Buffer; count: number }): Promise<void> {
  const written = file.held.subarray(0, file.count * ENTRY)
  file.held = Buffer.allocUnsafe(ENTRY * FLUSH_ENTRIES)
  file.count = 0
  if (!file.out.write(written)) await once(file.out, 'drain')
}

function* bucketsIn(bytes: Buffer): Generator<Bucket, void, undefined> {
  const count = Math.floor(bytes.length / ENTRY)
  const keys = Float64Array.from({ length: count }, (_, i) => bytes.readDoubleLE(i * ENTRY))
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b)
  for (let from = 0; from < count;) {
    let to = from + 1
    while (to < count && keys[order[to] ?? 0] === keys[order[from] ?? 0]) to++
    if (to - from > 1) yield Int32Array.from(order.subarray(from, to), (at) => bytes.readUInt32LE(at * ENTRY + 8))
    from = to
  }
}
