import type { RunId } from '../../../../../preload/contract/common.ts'
import type { ThresholdPoint, Thresholds } from '../../../../../preload/contract/results.ts'
import type { Api } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'
import { words } from '../../../lib/words/index.ts'

const BY_HAND = 'by-hand'

/** Choosing a threshold on validation, and fixing it. */
export class ThresholdState {
  readonly thresholds: Resource<Thresholds>
  readonly #api: Api['results']
  readonly #id: RunId
  readonly #onLook: () => void
  #className = $state<string | null>(null)
  #choice = $state('miss-20')
  /** Place in the curve of a threshold chosen by hand. */
  #place = $state(0)
  #working = $state(false)
  /** What the chosen threshold comes to on validation. */
  readonly chosen = $derived.by((): ThresholdPoint | undefined => {
    const value = this.thresholds.value
    if (this.#choice === BY_HAND) return value?.curve[this.#place]
    return value?.choices.find(({ id }) => id === this.#choice)?.point
  })

  constructor(api: Api['results'], id: RunId, onLook: () => void) {
    this.#api = api
    this.#id = id
    this.#onLook = onLook
    this.thresholds = new Resource(async () => this.#take(await api.thresholds({ id, className: this.#className })))
  }

  get choice(): string {
    return this.#choice
  }

  get place(): number {
    return this.#place
  }

  get isByHand(): boolean {
    return this.#choice === BY_HAND
  }

  get working(): boolean {
    return this.#working
  }

  choose(id: string): void {
    this.#choice = id
  }

  chooseByHand(place: number): void {
    this.#choice = BY_HAND
    this.#place = place
  }

  async showClass(name: string): Promise<void> {
    this.#className = name
    await this.thresholds.load()
  }

  /** Fixes what is chosen and looks at the test once with it. */
  async fix(): Promise<void> {
    const { chosen } = this
    const value = this.thresholds.value
    if (!chosen || !value) return
    const goal = value.choices.find(({ id }) => id === this.#choice)?.goal ?? words.thresholds.byHand
    const { threshold } = chosen
    await this.#change(() => this.#api.fixThreshold({ id: this.#id, className: value.className, threshold, goal }))
    this.#onLook()
  }

  /** Fixes for every class what the choice means, and looks at the test once with all of them. */
  async fixEvery(): Promise<void> {
    const className = this.thresholds.value?.className ?? ''
    await this.#change(() => this.#api.fixEvery({ id: this.#id, className, choice: this.#choice }))
    this.#onLook()
  }

  async drop(): Promise<void> {
    const className = this.thresholds.value?.className ?? ''
    await this.#change(() => this.#api.dropThreshold({ id: this.#id, className }))
  }

  async fixPerson(below: number | null): Promise<void> {
    const className = this.thresholds.value?.className ?? ''
    await this.#change(() => this.#api.fixPerson({ id: this.#id, className, below }))
  }

  async #change(work: () => Promise<Thresholds>): Promise<void> {
    this.#working = true
    try {
      this.thresholds.set(this.#take(await work()))
    } finally {
      this.#working = false
    }
  }

  /** A choice that another class does not offer gives way to the first one that it does. */
  #take(value: Thresholds): Thresholds {
    const { choices, curve } = value
    const has = choices.some(({ id }) => id === this.#choice)
    if (!has && this.#choice !== BY_HAND) this.#choice = choices[0]?.id ?? BY_HAND
    this.#place = Math.min(this.#place, Math.max(0, curve.length - 1))
    return value
  }
}
