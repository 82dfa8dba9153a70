/** Adds up how long each part of a task took, in seconds. */
export class Stopwatch {
  readonly #started = performance.now()
  readonly #parts = new Map<string, number>()

  /** Seconds since the task began. */
  readonly now = (): number => (performance.now() - this.#started) / 1000

  async time<T>(part: string, work: () => Promise<T>): Promise<T> {
    const from = this.now()
    try {
      return await work()
    } finally {
      this.#parts.set(part, (this.#parts.get(part) ?? 0) + this.now() - from)
    }
  }

  /** Seconds by part, and the total. */
  parts(): Record<string, number> {
    return { ...Object.fromEntries(this.#parts), total: this.now() }
  }
}
