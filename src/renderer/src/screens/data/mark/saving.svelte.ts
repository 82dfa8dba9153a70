import { attuneError, type AttuneError } from '../../../lib/api.ts'

/** What a person is told and may go on after: nothing of it was to be saved. */
const REFUSALS = ['mark-overlap', 'mark-outside']

/** Writes one thing after the other; one that fails stands in the way of all others until it is saved. */
export class Saving {
  #failure = $state.raw<AttuneError | null>(null)
  #refusal = $state.raw<string | null>(null)
  #repeat: (() => Promise<void>) | null = null
  #turn: Promise<void> = Promise.resolve()

  /** Why the last mark was not saved; while it is set nothing else can be marked. */
  get failure(): AttuneError | null {
    return this.#failure
  }

  /** Why the last mark was refused. */
  get refusal(): string | null {
    return this.#refusal
  }

  forgive(): void {
    this.#refusal = null
  }

  do(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(() => (this.#failure === null ? this.#try(work) : undefined))
    return this.#turn
  }

  /** Tries what was not saved once more. */
  retry(): Promise<void> {
    const repeat = this.#repeat
    if (repeat) this.#turn = this.#turn.then(repeat)
    return this.#turn
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.#refusal = null
    try {
      await work()
      this.#failure = null
      this.#repeat = null
    } catch (thrown) {
      const error = attuneError(thrown)
      if (REFUSALS.includes(error.code)) this.#refusal = error.message
      else {
        this.#failure = error
        this.#repeat = () => this.#try(work)
      }
    }
  }
}
