import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { createWriteStream } from '../../base/sealed/fs.ts'

/** Writes JSON Lines whose rows keep their line numbers, and hashes them on the way. */
export class TableWriter {
  readonly #out: Writable
  readonly #hash = createHash('sha256')
  #at = 1
  #count = 0

  constructor(path: string) {
    this.#out = createWriteStream(path, { mode: 0o400, flags: 'wx' })
  }

  get count(): number {
    return this.#count
  }

  async add(line: number, values: Readonly<Record<string, string | null>>): Promise<void> {
    await this.#write(`${'\n'.repeat(line - this.#at)}${JSON.stringify(values)}`)
    this.#at = line
    this.#count++
  }

  digest(): string {
    return this.#hash.digest('hex')
  }

  async close(): Promise<void> {
    await this.#write('\n')
    this.#out.end()
    await once(this.#out, 'close')
  }

  async #write(text: string): Promise<void> {
    this.#hash.update(text)
    if (!this.#out.write(text)) await once(this.#out, 'drain')
  }
}
