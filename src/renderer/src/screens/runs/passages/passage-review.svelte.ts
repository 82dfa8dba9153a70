import type { RunId } from '../../../../../preload/contract/common.ts'
import type { PassageDocument, PassageError, PassageFilter, PassageReview } from '../../../../../preload/contract/passages.ts'
import type { Api } from '../../../lib/api.ts'
import { ErrorReview } from '../errors/error-review.svelte.ts'

export type Filter = Omit<PassageFilter, 'id'>

export const EVERY_ERROR: Filter = { only: 'all', truth: null, said: null }

/** The errors of a run that marks passages, one by one. */
export class PassageReviewState extends ErrorReview<PassageError, PassageReview, Filter, PassageDocument> {
  /** Where the open error stands among the marks of its document; null while that is on its way. */
  readonly chosen = $derived.by((): number | null => {
    const mark = this.open?.said ?? this.open?.truth
    const place = this.document?.marks.findIndex(
      ({ start, end, kind }) => start === mark?.start && end === mark.end && kind === mark.kind
    )
    return place === undefined || place === -1 ? null : place
  })

  constructor(api: Api['passages'], id: RunId) {
    const source = {
      review: api.review,
      errors: api.errors,
      judge: api.judge,
      revise: api.revise,
      document: ({ line }: PassageError) => api.document({ id, line }),
      shows: (document: PassageDocument, { line }: PassageError) => document.line === line
    }
    super(source, id, EVERY_ERROR)
  }
}
