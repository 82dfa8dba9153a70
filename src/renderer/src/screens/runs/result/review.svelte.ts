import type { RunId } from '../../../../../preload/contract/common.ts'
import type { Review, ReviewFilter, ReviewRow, Verdict } from '../../../../../preload/contract/results.ts'
import type { Api } from '../../../lib/api.ts'
import { JudgedRows } from '../errors/judged-rows.svelte.ts'

export type Filter = Omit<ReviewFilter, 'id'>

export const ERRORS: Filter = { only: 'errors', answer: null, predicted: null }

const isSame = (before: Verdict | null, next: Verdict | null): boolean =>
  before?.kind === next?.kind && before?.rightAnswer === next?.rightAnswer && before?.note === next?.note

/** The rows of the test one by one. */
export class ReviewState extends JudgedRows<ReviewRow, Review, Filter, number> {
  constructor({ review, rows, judge, revise }: Api['results'], id: RunId) {
    const source = {
      review,
      rows,
      judge: ({ key, ...rest }: { readonly id: RunId; readonly key: number; readonly verdict: Verdict | null }) =>
        judge({ ...rest, line: key }),
      revise,
      keyOf: ({ line }: ReviewRow) => line,
      isSame
    }
    super(source, id, ERRORS)
  }
}
