import { join } from 'node:path'
import { systemCodeOf } from '../../base/errors.ts'
import type { Rejected } from '../documents/rejected.ts'
import { readRows, rowCount, RowsWriter } from '../datasets/rows-file.ts'

/** Where a data set's folder keeps what was left out of it. Absent where nothing could be: a version that was made here. */
const REJECTED = 'rejected.jsonl'

/** Lays down what is left out. An empty list says that nothing was. */
export class RejectedWriter {
  readonly #rows: RowsWriter
  #pending: Promise<void> = Promise.resolve()
  #count = 0

  constructor(folder: string) {
    this.#rows = new RowsWriter(join(folder, REJECTED))
  }

  /** Handed to whoever rejects; entries are written in order. */
  readonly add = ({ file, place, reason }: Rejected): void => {
    const line = ++this.#count
    this.#pending = this.#pending.then(() => this.#rows.add(line, [file, place ?? '', reason]))
  }

  get count(): number {
    return this.#count
  }

  async close(): Promise<void> {
    await this.#pending
    await this.#rows.close()
  }
}

/** `count` of a folder's rejected entries from the one at `from`. */
export async function readRejected(folder: string, from: number, count: number): Promise<readonly Rejected[]> {
  const rows = await readRows(join(folder, REJECTED), from, count)
  return rows.map(({ cells: [file = '', place = '', reason = ''] }) => ({ file, place: place === '' ? null : place, reason }))
}

/** How much was left out of a data set; null where its folder has no such list. */
export async function rejectedCount(folder: string): Promise<number | null> {
  try {
    return await rowCount(join(folder, REJECTED))
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null
    throw error
  }
}
