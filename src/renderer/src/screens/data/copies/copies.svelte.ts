import type { FileHandle, TrainedId } from '../../../../../preload/contract/common.ts'
import type { CopiesReport, CopiesWish } from '../../../../../preload/contract/copies.ts'
import { attuneError, type Api, type AttuneError } from '../../../lib/api.ts'

type CopiesCalls = Pick<Api, 'choose' | 'copies'>

/** A folder whose copies are to be clean: chosen, looked through, written. */
export class CopiesState {
  #from = $state.raw<FileHandle | null>(null)
  #run = $state<TrainedId | null>(null)
  #action = $state<CopiesWish['action']>('mask')
  #report = $state.raw<CopiesReport | null>(null)
  #failure = $state.raw<AttuneError | null>(null)
  #isWorking = $state(false)
  #progress = $state.raw<{ readonly done: number; readonly total: number } | null>(null)
  readonly #api: CopiesCalls
  readonly passages = $derived.by(() => (this.#report?.kinds ?? []).reduce((sum, { passages }) => sum + passages, 0))

  constructor(api: CopiesCalls) {
    this.#api = api
  }

  get hasFolder(): boolean {
    return this.#from !== null
  }

  get run(): TrainedId | null {
    return this.#run
  }

  get action(): CopiesWish['action'] {
    return this.#action
  }

  /** What was found; null until it was looked for with these choices. */
  get report(): CopiesReport | null {
    return this.#report
  }

  get failure(): AttuneError | null {
    return this.#failure
  }

  get isWorking(): boolean {
    return this.#isWorking
  }

  get progress(): { readonly done: number; readonly total: number } | null {
    return this.#progress
  }

  /** Follows how far it is. Returns the function that ends that, and what is under way with it. */
  follow(): () => void {
    const stop = this.#api.copies.on('working', ({ done, total }) => {
      this.#progress = { done, total }
    })
    return () => {
      stop()
      if (this.#isWorking) void this.#api.copies.stop()
    }
  }

  async chooseFolder(): Promise<void> {
    const handle = await this.#api.choose('data-folder')
    if (handle === null) return
    this.#from = handle
    this.#forget()
  }

  use(run: TrainedId | null): void {
    this.#run = run
    this.#forget()
  }

  do(action: CopiesWish['action']): void {
    this.#action = action
    this.#forget()
  }

  async look(): Promise<void> {
    const wish = this.#wish()
    if (wish)
      await this.#work(async () => {
        this.#report = await this.#api.copies.look(wish)
      })
  }

  /** Asks where to, and writes. Resolves to what was written; null where the person thought better of it, or it failed. */
  async write(): Promise<{ readonly files: number; readonly folder: string } | null> {
    const wish = this.#wish()
    const to = wish && (await this.#api.choose('folder'))
    if (!wish || !to) return null
    return this.#work(() => this.#api.copies.write({ ...wish, to }))
  }

  async stop(): Promise<void> {
    await this.#api.copies.stop()
  }

  #wish(): CopiesWish | null {
    return this.#from === null ? null : { from: this.#from, run: this.#run, action: this.#action }
  }

  /** What was found holds for the choices that it was looked for with. */
  #forget(): void {
    this.#report = null
    this.#failure = null
  }

  async #work<T>(work: () => Promise<T>): Promise<T | null> {
    this.#isWorking = true
    this.#failure = null
    this.#progress = null
    try {
      return await work()
    } catch (thrown) {
      const failure = attuneError(thrown)
      if (failure.code !== 'stopped') this.#failure = failure
      return null
    } finally {
      this.#isWorking = false
    }
  }
}
