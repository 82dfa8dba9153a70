import type { ImportedAdapter } from '../../../../preload/contract/adapters.ts'
import type { RunId } from '../../../../preload/contract/common.ts'
import type { AdapterSummary } from '../../../../preload/contract/library.ts'
import { words } from '../../lib/words/index.ts'

/** A line of the list: what a run learned, or an adapter that was made elsewhere. */
export interface ListedAdapter {
  readonly id: string
  readonly name: string
  readonly base: string
  readonly kind: string
  /** What it answers with; null where its run says it. */
  readonly answers: string | null
  readonly data: string | null
  readonly bytes: number | null
  readonly madeAt: string
  readonly run: RunId | null
  readonly imported: ImportedAdapter | null
}

/** Adapters made elsewhere first, as the person brought them by hand. */
export function listedAdapters(imported: readonly ImportedAdapter[], runs: readonly AdapterSummary[]): readonly ListedAdapter[] {
  return [
    ...imported.map((adapter): ListedAdapter => ({
      id: adapter.id,
      name: adapter.name,
      base: adapter.model.name,
      kind: words.adapters.lora(adapter.rank),
      answers: answersOf(adapter),
      data: null,
      bytes: adapter.bytes,
      madeAt: adapter.addedAt,
      run: null,
      imported: adapter
    })),
    ...runs.map(({ run, name, model, dataset, method, bytes, createdAt }): ListedAdapter => ({
      id: run,
      name,
      base: model.name,
      kind: methodName(method),
      answers: null,
      data: dataset.name,
      bytes,
      madeAt: createdAt,
      run,
      imported: null
    }))
  ]
}

const methodName = (method: string): string => new Map(Object.entries(words.adapters.methods)).get(method) ?? method

function answersOf({ classNames, isMultiLabel, answers }: ImportedAdapter): string {
  if (answers === 'questions') return words.adapters.answersBy.questions
  if (answers === 'passages') return words.adapters.kinds(classNames.length)
  if (classNames.length === 0) return words.adapters.aNumber
  return isMultiLabel ? words.adapters.severalClasses(classNames.length) : words.adapters.classes(classNames.length)
}
