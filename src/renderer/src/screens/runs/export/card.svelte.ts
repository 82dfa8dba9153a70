import type { CardWords } from '../../../../../preload/contract/cards.ts'
import type { RunId } from '../../../../../preload/contract/common.ts'
import type { Api } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'

/** What a person adds to a run's model card, while they write. */
export class CardState {
  readonly words: Resource<CardWords>
  #typed = $state.raw<Partial<CardWords>>({})
  readonly #api: Api['cards']
  readonly #run: RunId

  constructor(api: Api['cards'], run: RunId) {
    this.#api = api
    this.#run = run
    this.words = new Resource(() => api.get(run))
  }

  textOf(part: keyof CardWords): string {
    return this.#typed[part] ?? this.words.value?.[part] ?? ''
  }

  type(part: keyof CardWords, text: string): void {
    this.#typed = { ...this.#typed, [part]: text }
  }

  async save(): Promise<void> {
    const words = { intended: this.textOf('intended'), limits: this.textOf('limits'), further: this.textOf('further') }
    await this.#api.save({ run: this.#run, words })
  }
}
