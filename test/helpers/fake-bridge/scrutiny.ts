import type { DatasetId } from '../../../src/preload/contract/common.ts'
import type { CloserLook, ScrutinyApi } from '../../../src/preload/contract/scrutiny.ts'

const lookOf = (id: DatasetId): CloserLook => ({
  id,
  findings: [
    {
      code: 'leak-word-1',
      sentence:
        "The word 'triage' alone tells the class 'emergency': it stands in 97 % of its rows (92–99 %) and in 1 % of the others, counted on rows by which it was not chosen. If people do not write it before they know the answer, the result will not hold in use.",
      rows: 93,
      weight: 'look',
      hasRows: true,
      fixes: []
    },
    {
      code: 'doubtful-labels',
      sentence:
        '14 labels of 1037 are doubted by a keyword model that did not learn from their rows. Read them, the most doubtful first: the label may be wrong, or the model.',
      rows: 14,
      weight: 'look',
      hasRows: true,
      fixes: ['relabel']
    },
    {
      code: 'languages',
      sentence:
        '98 % of the texts are in English; others: German 17, French 3. A model reads well only languages that it was made for.',
      rows: 20,
      weight: 'fyi',
      hasRows: true,
      fixes: ['drop']
    }
  ]
})

/** A closer look at the letters; other tables have nothing more. */
export function scrutinyHandlers(): { readonly [Name in keyof ScrutinyApi]: (argument: never) => unknown } {
  const looked = new Set<string>()
  const found = (id: DatasetId): CloserLook => (id.startsWith('letters') ? lookOf(id) : { id, findings: [] })
  return {
    known: (id: DatasetId) => (looked.has(id) ? found(id) : null),
    look: (id: DatasetId) => {
      looked.add(id)
      return found(id)
    },
    stop: () => undefined
  }
}
