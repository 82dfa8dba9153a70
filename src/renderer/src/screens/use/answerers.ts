import type { ImportedAdapter } from '../../../../preload/contract/adapters.ts'
import type { AnswererId } from '../../../../preload/contract/common.ts'
import type { ModelSummary } from '../../../../preload/contract/models.ts'
import type { RunSummary } from '../../../../preload/contract/runs.ts'
import { words } from '../../lib/words/index.ts'
import { hasResult } from '../runs/run-state.ts'

/** Who can answer, as the list on the screen says it. */
export interface Answerer {
  readonly id: AnswererId
  readonly label: string
  /** Whether it marks passages; else it answers whole texts. */
  readonly marks: boolean
  /** Whether it answers questions about texts. */
  readonly asks: boolean
}

/** Finished runs, then models of the library that came with their training, then adapters that were made elsewhere. */
export function answerers(
  runs: readonly RunSummary[],
  models: readonly ModelSummary[],
  adapters: readonly ImportedAdapter[]
): readonly Answerer[] {
  return [
    ...runs.filter(hasResult).map(({ id, name, dataset, task }) => ({
      id,
      label: `${name} · ${dataset.name}`,
      marks: task === 'token-classification',
      asks: task === 'question-answering'
    })),
    ...models
      .filter(({ answers, state }) => answers !== undefined && state === 'ready')
      .map(({ id, name, answers }) => ({
        id,
        label: `${name} · ${words.use.imported}`,
        marks: answers?.problem === 'token-classification',
        asks: answers?.problem === 'question-answering'
      })),
    ...adapters
      .filter(({ problem }) => problem === null)
      .map(({ id, name }) => ({ id, label: words.adapters.inUse(name), marks: false, asks: false }))
  ]
}
