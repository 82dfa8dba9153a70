import { InputError } from '../base/errors.ts'

const FREE = 3
const LONGEST = 60

/** Wrong tries one after the other make the next one wait: after the third 1 second, then twice as long each time, at most a minute. */
export class Attempts {
  readonly #now: () => number
  #failed = 0
  #until = 0

  /** `now`: seconds on a clock that only runs forward. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Seconds until the next try is looked at. */
  wait(): number {
    return Math.max(0, Math.ceil(this.#until - this.#now()))
  }

  /** Refuses a try that comes too early. */
  check(): void {
    const seconds = this.wait()
    if (seconds === 0) return
    const sentence = `Too many wrong tries. Wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, then try again.`
    throw new InputError('vault-wait', sentence)
  }

  failed(): void {
    this.#failed++
    if (this.#failed >= FREE) this.#until = this.#now() + Math.min(LONGEST, 2 ** (this.#failed - FREE))
  }

  succeeded(): void {
    this.#failed = 0
    this.#until = 0
  }
}
