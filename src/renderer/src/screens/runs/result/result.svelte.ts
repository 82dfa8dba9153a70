import type { RunId } from '../../../../../preload/contract/common.ts'
import type { RunResult } from '../../../../../preload/contract/runs.ts'
import type { Api } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'

/** Under this many test rows, or rows of a class, the interval is read before the point. */
export const FEW_ROWS = 100
export const FEW_OF_CLASS = 30

/** A tested run: its sentence and its evidence. */
export class ResultState {
  readonly result: Resource<RunResult>
  readonly #id: RunId
  readonly #api: Api['runs']
  readonly isFew = $derived.by(() => (this.result.value?.testRows ?? FEW_ROWS) < FEW_ROWS)
  /** The class whose recall is known least, where its rows are few; half the width of its interval, as a share. */
  readonly vaguest = $derived.by((): { readonly name: string; readonly half: number } | null => {
    const few = (this.result.value?.classes ?? []).filter(({ rows, recall }) => rows < FEW_OF_CLASS && recall !== null)
    const halves = few.map(({ name, recall }) => ({ name, half: ((recall?.high ?? 0) - (recall?.low ?? 0)) / 2 }))
    return halves.toSorted((a, b) => b.half - a.half)[0] ?? null
  })

  constructor(api: Api['runs'], id: RunId) {
    this.#api = api
    this.#id = id
    this.result = new Resource(() => api.result(id))
  }

  async rename(name: string): Promise<void> {
    if (name.trim() !== '') await this.#api.rename({ id: this.#id, name: name.trim() })
  }
}
