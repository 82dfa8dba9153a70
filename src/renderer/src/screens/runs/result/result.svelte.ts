import type { RunId } from '../../../../../preload/contract/common.ts'
import type { ErrorRow, RunResult } from '../../../../../preload/contract/runs.ts'
import type { Api } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'

/** Under this many test rows the screen says what that means. */
const FEW = 100

export interface Confused {
  readonly answer: string
  readonly predicted: string
}

/** A tested run: its sentence, its evidence, and the errors one by one. */
export class ResultState {
  readonly result: Resource<RunResult>
  #only = $state.raw<Confused | null>(null)
  #picked = $state(0)
  readonly #id: RunId
  readonly #api: Api['runs']
  readonly errors = $derived.by((): readonly ErrorRow[] => {
    const only = this.#only
    const all = this.result.value?.errors ?? []
    return only === null ? all : all.filter(({ answer, predicted }) => answer === only.answer && predicted === only.predicted)
  })
  readonly error = $derived.by((): ErrorRow | undefined => this.errors[this.#picked])
  /** The kinds of error, the most frequent first. */
  readonly kinds = $derived.by(() => {
    const kinds = Map.groupBy(this.result.value?.errors ?? [], ({ answer, predicted }) => `${answer}\n${predicted}`)
    return [...kinds.values()].map((rows) => ({ ...rows[0]!, count: rows.length })).toSorted((a, b) => b.count - a.count)
  })
  readonly isFew = $derived.by(() => (this.result.value?.testRows ?? FEW) < FEW)

  constructor(api: Api['runs'], id: RunId) {
    this.#api = api
    this.#id = id
    this.result = new Resource(() => api.result(id))
  }

  get only(): Confused | null {
    return this.#only
  }

  get picked(): number {
    return this.#picked
  }

  pick(index: number): void {
    this.#picked = index
  }

  /** Shows one kind of error, or all. */
  show(only: Confused | null): void {
    this.#only = only
    this.#picked = 0
  }

  async rename(name: string): Promise<void> {
    if (name.trim() !== '') await this.#api.rename({ id: this.#id, name: name.trim() })
  }
}
