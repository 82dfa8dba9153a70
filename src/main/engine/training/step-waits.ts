/** What a step may wait for while nothing is computed: its rows, or a checkpoint. */
export type Awaited = 'rows' | 'disk'

/** Share of a computation within which the end of preparing counts as its end, and the most seconds of it. */
const AT_ONCE = 0.02
const AT_ONCE_SECONDS = 0.001

/** Measures for how long a training waits. */
export class StepWaits {
  readonly #now: () => number
  readonly #tell: (what: Awaited, seconds: number) => void
  /** The computation beside which the next rows are prepared. */
  #begun = 0
  #computed = 0

  /** `now`: seconds on a clock that only runs forward. */
  constructor(now: () => number, tell: (what: Awaited, seconds: number) => void) {
    this.#now = now
    this.#tell = tell
  }

  /** The computation begins beside which the next rows are prepared. */
  begin(): void {
    this.#begun = this.#now()
  }

  /** It has ended, as far as anybody hears. */
  end(): void {
    this.#computed = this.#now()
  }

  /**
   * Waits for rows; `ready` is when their preparing ended. It runs on the thread that hears of computations, so one that ended before is heard of just
   * when the preparing ends: how much before nobody knows, and the time of both counts.
   */
  async rows<T extends { readonly ready: number }>(prepared: Promise<T | undefined>): Promise<T | undefined> {
    const from = this.#now()
    const rows = await prepared
    if (rows === undefined) return rows
    const beside = this.#computed - this.#begun
    const isHeldUp = Math.abs(rows.ready - this.#computed) <= Math.min(AT_ONCE_SECONDS, AT_ONCE * beside)
    this.#tell('rows', this.#now() - from + (isHeldUp ? beside : 0))
    return rows
  }

  /** Waits for something to be written. */
  async disk(writing: Promise<void>): Promise<void> {
    const from = this.#now()
    await writing
    this.#tell('disk', this.#now() - from)
  }
}
