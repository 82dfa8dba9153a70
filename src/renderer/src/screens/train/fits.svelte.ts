import type { DatasetId, ModelId } from '../../../../preload/contract/common.ts'
import type { Feasibility, ModelFit } from '../../../../preload/contract/library.ts'
import type { ModelSummary } from '../../../../preload/contract/models.ts'
import type { Api } from '../../lib/api.ts'

/** How well each model fits the open data and this PC, as it becomes known. */
export class FitsState {
  #fits = $state.raw<ReadonlyMap<ModelId, ModelFit>>(new Map())
  #feasibilities = $state.raw<ReadonlyMap<ModelId, Feasibility>>(new Map())
  #asked = new Set<string>()
  readonly #api: Pick<Api['library'], 'fit' | 'feasibility'>

  constructor(api: Pick<Api['library'], 'fit' | 'feasibility'>) {
    this.#api = api
  }

  of(model: ModelId): ModelFit | undefined {
    return this.#fits.get(model)
  }

  /** Whether this PC can train a model, once that is worked out. */
  feasibilityOf(model: ModelId): Feasibility | undefined {
    return this.#feasibilities.get(model)
  }

  /** Of several models the one that keeps the most words whole; null where there is nothing to choose. */
  readonly best = $derived.by((): ModelId | null => {
    const [first, second] = [...this.#fits.values()].toSorted((a, b) => b.wholeWords - a.wholeWords)
    return first && second && first.wholeWords > second.wholeWords ? first.model : null
  })

  /** Looks at one model after the other, each once. A model that cannot be looked at has no line; training says why. */
  async look(dataset: DatasetId, models: readonly ModelSummary[]): Promise<void> {
    for (const { id } of models) {
      const key = `${dataset} ${id}`
      if (this.#asked.has(key)) continue
      this.#asked.add(key)
      const fit = await this.#api.fit({ model: id, dataset }).catch(() => null)
      if (fit) this.#fits = new Map(this.#fits).set(id, fit)
      const feasibility = await this.#api.feasibility(id).catch(() => null)
      if (feasibility) this.#feasibilities = new Map(this.#feasibilities).set(id, feasibility)
    }
  }
}
