import { InputError } from '../base/errors.ts'
import { changeRun, type RunChange } from '../tracker/queries/runs.ts'
import type { WritableDb } from '../tracker/tracker.ts'

/** How long a change that could not be written waits to be tried again, in milliseconds. */
const AGAIN_AFTER = 2000

/**
 * Writes what becomes of runs, and keeps in memory what the disk does not take now: a full disk must not make the application forget what
 * happened. Storage errors are kept for later; any other is thrown.
 */
export class Keeper {
  readonly #db: WritableDb
  readonly #waiting = new Map<string, RunChange>()
  #timer: NodeJS.Timeout | undefined

  constructor(db: WritableDb) {
    this.#db = db
  }

  change(id: string, change: RunChange): void {
    this.#waiting.set(id, { ...this.#waiting.get(id), ...change })
    this.flush()
  }

  /** What is known of a run beyond the tracker. */
  pending(id: string): RunChange {
    return this.#waiting.get(id) ?? {}
  }

  /** Forgets what waits for a run that is taken away. */
  forget(id: string): void {
    this.#waiting.delete(id)
  }

  /** Does something to the tracker that may be lost where the disk is full: points of a curve are in the run's folder too. */
  attempt(work: () => void): boolean {
    try {
      work()
      return true
    } catch (error) {
      if (isStorageError(error)) return false
      throw error
    }
  }

  /** Does what must be written now. Throws an InputError where the disk does not take it. */
  demand(work: () => void): void {
    if (this.attempt(work)) return
    const sentence = 'The disk that holds the data of Attune is full or cannot be written. Free some space and try again.'
    throw new InputError('disk-full', sentence)
  }

  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const [id, change] of this.#waiting) {
      if (this.attempt(() => changeRun(this.#db, id, change))) this.#waiting.delete(id)
    }
    if (this.#waiting.size > 0) this.#timer = setTimeout(() => this.flush(), AGAIN_AFTER)
  }

  dispose(): void {
    this.flush()
    clearTimeout(this.#timer)
  }
}

/** SQLite's own names for a full, failing or unreachable disk. */
const storageCodes = /^SQLITE_(?:FULL|IOERR|READONLY|CANTOPEN)/

function isStorageError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && storageCodes.test(error.code)
}
