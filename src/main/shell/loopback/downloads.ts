import { open } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { InputError } from '../../base/errors.ts'
import { safeFileName } from '../../base/file-name.ts'
import type { Outgoing, OutgoingFile } from '../../ipc/define.ts'
import { LIFETIMES, type Sessions } from './sessions.ts'

interface Waiting {
  readonly file: OutgoingFile
  readonly timer: NodeJS.Timeout
}

/** Finished files on their way to the browser's downloads, each by an address that works once, soon, and for one session (security.md §2). */
export class Downloads {
  readonly #outgoing: Outgoing
  readonly #sessions: Sessions
  readonly #waiting = new Map<string, Waiting>()

  constructor(outgoing: Outgoing, sessions: Sessions) {
    this.#outgoing = outgoing
    this.#sessions = sessions
  }

  /** Spends a ticket of the outbox; returns the address of the file, which works once. Throws an InputError for a ticket that is none. */
  announce({ ticket, name }: Readonly<Record<string, unknown>>, session: string): string {
    const taken = this.#outgoing.take(typeof ticket === 'string' ? ticket : '')
    const file = { ...taken, name: typeof name === 'string' && name.trim() !== '' ? safeFileName(name) : taken.name }
    const secret = this.#sessions.mintDownload(session)
    this.#waiting.set(secret, { file, timer: setTimeout(() => void this.#drop(secret), 1000 * LIFETIMES.download).unref() })
    return `/download/${secret}`
  }

  /** Answers an address with its file; false where it is none of ours, was used, or came too late. The file is deleted afterwards. */
  async send(path: string, response: ServerResponse, headers: Readonly<Record<string, string>>): Promise<boolean> {
    const secret = path.slice('/download/'.length)
    if (this.#sessions.redeem(secret, 'download') === null) return false
    const waiting = this.#waiting.get(secret)
    if (!waiting) return false
    this.#waiting.delete(secret)
    clearTimeout(waiting.timer)
    try {
      await stream(waiting.file, response, headers)
    } finally {
      await waiting.file.remove()
    }
    return true
  }

  /** Deletes what has not been fetched. */
  async clear(): Promise<void> {
    await Promise.all([...this.#waiting.keys()].map((secret) => this.#drop(secret)))
  }

  async #drop(secret: string): Promise<void> {
    const waiting = this.#waiting.get(secret)
    this.#waiting.delete(secret)
    clearTimeout(waiting?.timer)
    // What cannot be deleted now is swept when Attune starts again.
    await waiting?.file.remove().catch(() => undefined)
  }
}

async function stream(file: OutgoingFile, response: ServerResponse, headers: Readonly<Record<string, string>>): Promise<void> {
  const handle = await open(file.path)
  try {
    const facts = await handle.stat()
    if (!facts.isFile()) throw new InputError('download-gone', 'This file is no longer waiting to be saved. Make it again.')
    response.writeHead(200, {
      ...headers,
      // Never a type that a browser would show, or run, on our origin.
      'Content-Type': 'application/octet-stream',
      'Content-Length': facts.size,
      'Content-Disposition': dispositionOf(file.name)
    })
    await pipeline(handle.createReadStream({ autoClose: false }), response).catch((error: unknown) => {
      // The browser thought better of it: nothing of ours is wrong.
      if (!response.destroyed) throw error
    })
  } finally {
    await handle.close()
  }
}

/** RFC 6266: a plain name for whoever reads no other, and the whole one in UTF-8. */
function dispositionOf(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/gu, '_')
  const whole = encodeURIComponent(name).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`
}
