import { InputError } from '../../base/errors.ts'
import type { Runtime } from '../runtime/port.ts'
import { isAllocationFailure } from '../runtime/run-error.ts'

/** Does work that leaves nothing half done; where memory does not suffice, once more with an empty pool. */
export async function onceMore<T>(runtime: Pick<Runtime, 'trim'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isAllocationFailure(error)) throw error
    await runtime.trim()
    return work()
  }
}

/** Told how many rows are computed at a time from here on, since memory did not suffice for more. */
export type OnSmaller = (rows: number) => void

/** Computes rows that do not depend on each other, in halves and halves of halves where memory runs out. It stays with the size that was enough. */
export class RowParts {
  readonly #runtime: Pick<Runtime, 'trim'>
  readonly #onSmaller: OnSmaller
  #most = Infinity

  constructor(runtime: Pick<Runtime, 'trim'>, onSmaller: OnSmaller = () => undefined) {
    this.#runtime = runtime
    this.#onSmaller = onSmaller
  }

  /**
   * Does `work` on parts of `rows`, in their order. What failed for want of memory must have left nothing behind.
   * @throws InputError where memory does not suffice for a single row
   */
  async each(rows: Int32Array, work: (part: Int32Array) => Promise<void>): Promise<void> {
    for (let at = 0; at < rows.length;) {
      const part = rows.subarray(at, at + this.#most)
      try {
        await work(part)
        at += part.length
      } catch (error) {
        if (!isAllocationFailure(error)) throw error
        if (part.length === 1) throw notEvenOne(error)
        await this.#runtime.trim()
        this.#most = Math.ceil(part.length / 2)
        this.#onSmaller(this.#most)
      }
    }
  }
}

function notEvenOne(cause: unknown): InputError {
  const what = 'Memory ran out while texts were computed, even one at a time.'
  return new InputError(
    'memory-short',
    `${what} Close other programs and start this again (a run goes on with --resume), or set a smaller max_length.`,
    { key: 'training.max_length', inApp: `${what} Close other programs and try again: a run goes on from its last checkpoint.` },
    { cause }
  )
}
