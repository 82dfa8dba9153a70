import type { AdapterCandidate, PossibleBase } from '../../../../preload/contract/adapters.ts'
import type { ModelId } from '../../../../preload/contract/common.ts'

/** What is asked of an adapter before it is imported: its model and, where nothing names them, its classes. */
export class AdapterChoice {
  readonly candidate: AdapterCandidate
  #model = $state<ModelId | null>(null)
  /** Names of classes as they are typed, one a line. */
  typed = $state('')
  isMultiLabel = $state(false)
  readonly base = $derived.by((): PossibleBase | null => {
    const { bases } = this.candidate
    return bases.find(({ model }) => model === this.#model) ?? bases[0] ?? null
  })
  readonly names = $derived.by(() =>
    this.typed
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
  )
  /** Whether its classes have to be named: it has several outputs and nothing names them. One output may be a number. */
  readonly asksNames = $derived.by(() => this.base?.classNames === null && (this.base.labels ?? 0) > 1)
  readonly hasTwice = $derived.by(() => new Set(this.names).size < this.names.length)
  readonly isComplete = $derived.by(() => {
    if (this.base === null || this.base.labels === null) return false
    return !this.asksNames || (this.names.length === this.base.labels && !this.hasTwice)
  })

  constructor(candidate: AdapterCandidate) {
    this.candidate = candidate
    this.isMultiLabel = candidate.isMultiLabel ?? false
  }

  choose(model: string): void {
    const found = this.candidate.bases.find((base) => base.model === model)
    if (found) this.#model = found.model
  }
}
