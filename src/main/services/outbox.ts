import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { safeFileName } from '../base/file-name.ts'
import type { OutgoingFile } from '../ipc/define.ts'

/** Seconds that a finished file waits to be fetched. */
export const OUTBOX_LIFETIME = 600

interface Offer {
  readonly path: string
  readonly name: string
  readonly until: number
}

/**
 * Finished files on their way out: a route writes one into the outbox and hands its ticket to the page, whose shell fetches it once. What was
 * fetched, or not fetched in time, is deleted.
 */
export class Outbox {
  readonly #folder: string
  readonly #now: () => number
  readonly #offers = new Map<string, Offer>()
  #timer: NodeJS.Timeout | undefined

  /** `now`: seconds on a clock that only runs forward. */
  constructor(folder: string, now: () => number = () => performance.now() / 1000) {
    this.#folder = folder
    this.#now = now
  }

  /** Empties the folder of what an earlier process left. */
  async prepare(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
  }

  /** Where a route may write a file, or make a folder, that it means to offer. `ending` with its dot. */
  newPath(ending = ''): string {
    return join(this.#folder, randomBytes(8).toString('hex') + ending)
  }

  /** A ticket for a finished file at a path of `newPath`, good for one use within ten minutes. From here on the file belongs to the outbox. */
  offer(path: string, name: string): string {
    // The file will be deleted: a path of the person's own must never get here.
    if (dirname(path) !== this.#folder) throw new Error('Only files of the outbox can be offered.')
    const ticket = `o-${randomBytes(32).toString('base64url')}`
    this.#offers.set(ticket, { path, name: safeFileName(name), until: this.#now() + OUTBOX_LIFETIME })
    this.#timer ??= setInterval(() => this.#sweep(), 60_000).unref()
    return ticket
  }

  /** Spends a ticket. Whoever takes the file calls `remove` when it has been copied. Throws an InputError where the ticket is none, or no longer. */
  take(ticket: string): OutgoingFile {
    this.#sweep()
    const offer = this.#offers.get(ticket)
    if (!offer) throw new InputError('download-gone', 'This file is no longer waiting to be saved. Make it again.')
    this.#offers.delete(ticket)
    return { path: offer.path, name: offer.name, remove: () => remove(offer.path) }
  }

  /** Deletes whatever waits: the page that was to fetch it has been replaced, or Attune closes. */
  async clear(): Promise<void> {
    const paths = [...this.#offers.values()].map(({ path }) => path)
    this.#offers.clear()
    clearInterval(this.#timer)
    this.#timer = undefined
    await Promise.all(paths.map(remove))
  }

  #sweep(): void {
    for (const [ticket, { path, until }] of this.#offers) {
      if (until > this.#now()) continue
      this.#offers.delete(ticket)
      // What cannot be deleted now is swept when Attune starts again.
      void remove(path).catch(() => undefined)
    }
  }
}

const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true })
