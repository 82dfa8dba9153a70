const LOOK_EVERY = 5000

/** Calls `act` once nobody has touched the page for so many minutes. */
export class IdleTimer {
  readonly #act: () => void
  readonly #now: () => number
  readonly #timer: NodeJS.Timeout
  #minutes = 0
  #touched: number

  /** `now`: seconds on a clock that only runs forward. */
  constructor(act: () => void, now: () => number = () => performance.now() / 1000) {
    this.#act = act
    this.#now = now
    this.#touched = now()
    this.#timer = setInterval(() => this.look(), LOOK_EVERY).unref()
  }

  /** 0 minutes for never. */
  after(minutes: number): void {
    this.#minutes = minutes
    this.touch()
  }

  touch(): void {
    this.#touched = this.#now()
  }

  look(): void {
    if (this.#minutes === 0 || this.#now() - this.#touched < 60 * this.#minutes) return
    this.touch()
    this.#act()
  }

  dispose(): void {
    clearInterval(this.#timer)
  }
}
