import type { DatasetId, Measured, RunId } from './common.ts'
import type { PassageState, PassageVerdict } from './passages.ts'
import type { Groups, VerdictSummary } from './results.ts'

/** A stretch of a document, in UTF-16 units, and its words; no words where the data are gone. */
export interface AnswerText {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** `missed`: it says none where there is one; `invented`: the reverse; `partly`: some words are right; `wrong`: none is. */
export type QuestionErrorKind = 'missed' | 'invented' | 'partly' | 'wrong'

/** A question, as it was asked of a document. */
export interface AskedQuestion {
  /** Its name where the same questions are asked of every document; else null. */
  readonly name: string | null
  /** Its words; empty where the data are gone. */
  readonly words: string
}

export interface QuestionError extends AskedQuestion {
  /** Names it among the errors of its run. */
  readonly key: string
  /** The line of the file at which its row, or its document, starts. */
  readonly line: number
  readonly error: QuestionErrorKind
  /** The right answers; none where the document has none. */
  readonly truth: readonly AnswerText[]
  readonly said: AnswerText | null
  /** Share of what was said among the best answers and none. */
  readonly sure: number
  readonly verdict: PassageVerdict | null
}

export interface QuestionFilter {
  readonly id: RunId
  readonly only: QuestionErrorKind | 'all' | 'judged'
  /** One of the questions that are asked of every document; null for any. */
  readonly name: string | null
}

export interface QuestionRequest extends QuestionFilter {
  readonly from: number
  readonly count: number
}

export interface QuestionPage {
  readonly total: number
  readonly from: number
  readonly rows: readonly QuestionError[]
}

/** One of the questions that are asked of every document. */
export interface FixedQuestion {
  readonly name: string
  readonly wordings: readonly string[]
  readonly documents: number
  /** Documents that have an answer. */
  readonly answered: number
  readonly exact: Measured | null
  readonly f1: Measured | null
}

/** Questions by what the document holds and what was said. */
export interface NoneCounts {
  readonly answered: { readonly exact: number; readonly partly: number; readonly wrong: number; readonly none: number }
  readonly unanswered: { readonly said: number; readonly none: number }
}

/** What there is to see of a run that answers questions. */
export interface QuestionReview {
  readonly questions: number
  readonly documents: number
  readonly errors: number
  readonly byError: Readonly<Record<QuestionErrorKind, number>>
  /** Empty where each row has a question of its own. */
  readonly fixed: readonly FixedQuestion[]
  readonly none: NoneCounts
  /** The gap in logits above which none is said; null where something always is. One for each fold where folds fitted their own. */
  readonly threshold: number | null | readonly (number | null)[]
  /** Counted by questions; right answers that wait, by rows of the data. */
  readonly verdicts: VerdictSummary
}

/** A document with the answers to one question. */
export interface AnsweredDocument extends AskedQuestion {
  readonly key: string
  readonly line: number
  /** Empty where the data are gone. */
  readonly text: string
  readonly marks: readonly { readonly start: number; readonly end: number; readonly state: PassageState }[]
}

/** Runs that answer questions, looked at question by question. */
export interface QuestionsApi {
  review(id: RunId): QuestionReview
  errors(request: QuestionRequest): QuestionPage
  document(request: { readonly id: RunId; readonly key: string }): AnsweredDocument
  /** Says what is wrong with an error, or takes that back (null). Saved at once. */
  judge(request: { readonly id: RunId; readonly key: string; readonly verdict: PassageVerdict | null }): VerdictSummary
  /** Makes a new version of the data with the right answers. Resolves to it. */
  revise(id: RunId): DatasetId
  /** Null: the first way, the first metric. */
  groups(request: { readonly id: RunId; readonly by: string | null; readonly metric: string | null }): Groups
}
