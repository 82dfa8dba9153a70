/** Messages that arrive while others are worked on, taken in their order. */
export class Mailbox<T> {
  readonly #held: T[] = []
  #waiting: ((message: T | null) => void) | null = null

  put(message: T): void {
    const waiting = this.#waiting
    this.#waiting = null
    if (waiting) waiting(message)
    else this.#held.push(message)
  }

  /** The next message; null once `signal` is aborted. One reader at a time. */
  async next(signal: AbortSignal): Promise<T | null> {
    if (signal.aborted) return null
    const held = this.#held.shift()
    if (held !== undefined) return held
    const { promise, resolve } = Promise.withResolvers<T | null>()
    const stop = (): void => resolve(null)
    this.#waiting = resolve
    signal.addEventListener('abort', stop, { once: true })
    return promise.finally(() => signal.removeEventListener('abort', stop))
  }
}
