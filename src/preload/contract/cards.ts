import type { RunId } from './common.ts'

/** What a person adds to the model card of a run's exports, as plain text; empty where nothing is said. What Attune writes there stays. */
export interface CardWords {
  /** What the model is meant for. */
  readonly intended: string
  /** Where it must not be relied on. */
  readonly limits: string
  readonly further: string
}

export interface CardsApi {
  get(run: RunId): CardWords
  /** Kept with the run: every export of it from now on has them in README.md. */
  save(request: { readonly run: RunId; readonly words: CardWords }): void
}
