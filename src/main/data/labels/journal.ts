import { rm, stat, truncate } from 'node:fs/promises'
import type { z } from 'zod'
import { flushFile, writeFileAtomic } from '../../base/files.ts'
import { ifThere } from '../../base/if-there.ts'
import { appendFileSync, readFile } from '../../base/sealed/fs.ts'
import { keyRing } from '../../base/sealed/key-ring.ts'

/**
 * What was done while labelling, one JSON object a line, only ever added to: an entry counts once its line is whole and flushed to the disk, so
 * that a power cut takes at most the one that was never reported as saved.
 */
export class Journal<Entry> {
  readonly #path: string
  readonly #schema: z.ZodType<Entry>

  constructor(path: string, schema: z.ZodType<Entry>) {
    this.#path = path
    this.#schema = schema
  }

  /** Everything that was saved. Half a line at the end, which a crash left, is cut off. */
  async read(): Promise<readonly Entry[]> {
    const bytes = await readFile(this.#path).catch(emptyWhereMissing)
    const whole = bytes.lastIndexOf(0x0a) + 1
    if (whole < bytes.length) await writeFileAtomic(this.#path, bytes.subarray(0, whole), 0o600)
    const lines = bytes.subarray(0, whole).toString('utf8').split('\n')
    return lines.filter((line) => line !== '').map((line) => this.#schema.parse(JSON.parse(line)))
  }

  /** Resolves when the entries are on the disk. What a failed write left is cut off before the next one. */
  async add(entries: readonly Entry[]): Promise<void> {
    const before = await ifThere(stat(this.#path))
    try {
      appendFileSync(this.#path, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''), { mode: 0o600 })
      await flushFile(this.#path)
    } catch (error) {
      // An encrypted journal cuts off what is not whole by itself.
      if (keyRing.keyFor(this.#path) === null) await truncate(this.#path, before?.size ?? 0).catch(() => undefined)
      throw error
    }
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true })
  }
}

function emptyWhereMissing(error: unknown): Buffer {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
  throw error
}
