import { attuneError, type AttuneError } from './api.ts'

/** Something read from main: at first nothing, then a value or a failure. A newer reading outdates an older one. */
export class Resource<T> {
  #value = $state.raw<T>()
  #failure = $state.raw<AttuneError | null>(null)
  #reading = $state(false)
  #turn = 0
  readonly #read: () => Promise<T>

  /** `known`: what a list said of it already, shown until it is read. */
  constructor(read: () => Promise<T>, known?: T) {
    this.#read = read
    this.#value = known
  }

  get value(): T | undefined {
    return this.#value
  }

  get failure(): AttuneError | null {
    return this.#failure
  }

  get reading(): boolean {
    return this.#reading
  }

  /** What an event brought, without asking. */
  set(value: T): void {
    this.#turn++
    this.#value = value
    this.#failure = null
    this.#reading = false
  }

  async load(): Promise<void> {
    const turn = ++this.#turn
    this.#reading = true
    try {
      const value = await this.#read()
      if (turn !== this.#turn) return
      this.#value = value
      this.#failure = null
    } catch (thrown) {
      if (turn === this.#turn) this.#failure = attuneError(thrown)
    } finally {
      if (turn === this.#turn) this.#reading = false
    }
  }
}
