/** Failed attempts in a minute that are answered at once; what comes beyond is slowed down. */
const FREE = 10
const WINDOW = 60
const DELAY = 1

/** Counts failed attempts to be let in. Whoever has the right secret is never slowed down, so that nobody else can lock the person out. */
export class FailedAttempts {
  readonly #now: () => number
  #at: number[] = []

  /** `now`: seconds on a clock that only runs forward. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Notes one, and says for how many seconds its answer shall wait. */
  note(): number {
    const since = this.#now() - WINDOW
    this.#at = [...this.#at.filter((at) => at > since), this.#now()].slice(-2 * FREE)
    return this.#at.length > FREE ? DELAY : 0
  }
}
