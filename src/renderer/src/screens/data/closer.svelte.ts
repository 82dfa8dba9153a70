import type { DatasetId } from '../../../../preload/contract/common.ts'
import type { CloserLook } from '../../../../preload/contract/scrutiny.ts'
import { attuneError, type Api, type AttuneError } from '../../lib/api.ts'

/** A closer look at a data set: not made yet, under way, done, or failed. */
export class CloserState {
  #look = $state.raw<CloserLook | null>(null)
  #failure = $state.raw<AttuneError | null>(null)
  #isLooking = $state(false)
  #progress = $state.raw<{ readonly phase: string; readonly done: number; readonly total: number } | null>(null)
  readonly #api: Api['scrutiny']
  readonly #id: DatasetId

  constructor(api: Api['scrutiny'], id: DatasetId) {
    this.#api = api
    this.#id = id
  }

  /** Null where nobody looked yet. */
  get look(): CloserLook | null {
    return this.#look
  }

  get failure(): AttuneError | null {
    return this.#failure
  }

  get isLooking(): boolean {
    return this.#isLooking
  }

  get progress(): { readonly phase: string; readonly done: number; readonly total: number } | null {
    return this.#progress
  }

  /** Shows what was found before under the present roles, and follows a look. Returns the function that ends that. */
  follow(): () => void {
    void this.#api.known(this.#id).then(
      (known) => {
        if (!this.#isLooking) this.#look = known
      },
      // Nobody asked for anything yet: a data set that is gone says so on its screen.
      () => undefined
    )
    return this.#api.on('looking', (news) => {
      if (news.id === this.#id) this.#progress = news
    })
  }

  async begin(): Promise<void> {
    this.#isLooking = true
    this.#failure = null
    this.#progress = null
    try {
      this.#look = await this.#api.look(this.#id)
    } catch (thrown) {
      const failure = attuneError(thrown)
      // Who stopped it knows.
      if (failure.code !== 'stopped') this.#failure = failure
    } finally {
      this.#isLooking = false
    }
  }

  stop(): Promise<void> {
    return this.#api.stop(this.#id)
  }
}
