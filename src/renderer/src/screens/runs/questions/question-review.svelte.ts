import type { RunId } from '../../../../../preload/contract/common.ts'
import type { AnsweredDocument, QuestionError, QuestionFilter, QuestionReview } from '../../../../../preload/contract/questions.ts'
import type { Api } from '../../../lib/api.ts'
import { ErrorReview } from '../errors/error-review.svelte.ts'

export type Filter = Omit<QuestionFilter, 'id'>

const EVERY_ERROR: Filter = { only: 'all', name: null }

/** The errors of a run that answers questions, one by one. */
export class QuestionReviewState extends ErrorReview<QuestionError, QuestionReview, Filter, AnsweredDocument> {
  /** Where what was said stands among the marks of the document, or else the first right answer; null where there is neither. */
  readonly chosen = $derived.by((): number | null => {
    const marks = this.document?.marks ?? []
    const place = marks.findIndex(({ state }) => state !== 'true')
    return marks.length === 0 ? null : Math.max(0, place)
  })

  constructor(api: Api['questions'], id: RunId) {
    const source = {
      review: api.review,
      errors: api.errors,
      judge: api.judge,
      revise: api.revise,
      document: ({ key }: QuestionError) => api.document({ id, key }),
      shows: (document: AnsweredDocument, { key }: QuestionError) => document.key === key
    }
    super(source, id, EVERY_ERROR)
  }
}
