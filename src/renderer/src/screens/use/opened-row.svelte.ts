import type { UseJob, UseText } from '../../../../preload/contract/use.ts'
import { attuneError, type Api, type AttuneError } from '../../lib/api.ts'

interface Opened {
  readonly key: string
  readonly place: number
  /** Null while it is on its way. */
  readonly whole: UseText | null
}

/** The row of a job that is read in full. It closes by itself where the rows become others: new columns, new answers, another order. */
export class OpenedRow {
  readonly #api: Pick<Api['use'], 'text'>
  readonly #key: () => string
  readonly #job: () => UseJob
  readonly #unsureFirst: () => boolean
  #opened = $state.raw<Opened | null>(null)
  #failure = $state.raw<AttuneError | null>(null)
  readonly current = $derived.by(() => (this.#opened?.key === this.#key() ? this.#opened : null))

  constructor(api: Pick<Api['use'], 'text'>, job: () => UseJob, unsureFirst: () => boolean) {
    this.#api = api
    this.#job = job
    this.#unsureFirst = unsureFirst
    this.#key = () => {
      const { id, text, pair, state, done } = job()
      return [id, text, pair, state, done, unsureFirst()].join('|')
    }
  }

  get failure(): AttuneError | null {
    return this.#failure
  }

  async open(place: number): Promise<void> {
    const opened = { key: this.#key(), place, whole: null }
    this.#opened = opened
    this.#failure = null
    try {
      const whole = await this.#api.text({ id: this.#job().id, place, unsureFirst: this.#unsureFirst() })
      if (this.#opened === opened) this.#opened = { ...opened, whole }
    } catch (thrown) {
      if (this.#opened === opened) this.#failure = attuneError(thrown)
    }
  }

  close(): void {
    this.#opened = null
    this.#failure = null
  }
}
