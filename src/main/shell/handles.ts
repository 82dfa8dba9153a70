import { randomBytes } from 'node:crypto'
import { InputError } from '../base/errors.ts'
import type { Caller, FilePurpose } from '../ipc/define.ts'

interface Held {
  readonly path: string
  readonly name: string
  readonly purpose: FilePurpose
  readonly session: string
}

/** Names for files that a page may speak of without knowing where they are: each for one purpose and one session. */
export class Handles {
  readonly #held = new Map<string, Held>()

  mint(held: Held): string {
    const handle = `f-${randomBytes(16).toString('hex')}`
    this.#held.set(handle, held)
    return handle
  }

  /** Throws an InputError for a handle that this session was not given, or for another purpose. */
  find(handle: string, purpose: FilePurpose, session: string): Held {
    const held = this.#held.get(handle)
    if (held?.session === session && held.purpose === purpose) return held
    throw new InputError('file-gone', 'This file is no longer at hand. Choose it again.')
  }

  callerOf(session: string): Caller {
    return { fileOf: (handle, purpose) => this.find(handle, purpose, session) }
  }
}
