import { join } from 'node:path'
import type { AnswerPlace, ScoredAnswers } from '../engine/evaluation/index.ts'
import { answersName, type PredictedPart } from './predictions.ts'
import { readStored } from './read-stored.ts'
import { count, isRecord, list, number, object, oneOf, orNull, text, type Check } from './shape.ts'

/** A question that was asked of a document, without either's text. Places count characters as Python does: code points. */
export interface StoredQuestion {
  /** Line of its row, or of its document, in the file. */
  readonly line: number
  /** The name of a question that is asked of every document; left out where it stands in the row. */
  readonly question?: string
  /** Tells questions apart by document and words, without holding them: the start of a SHA-256. */
  readonly key: string
  /** The same of the document alone. */
  readonly document: string
  /** The right answers; none where the document has no answer. */
  readonly truth: readonly AnswerPlace[]
  readonly said: AnswerPlace | null
  /** Probability of what was said, or of there being none. */
  readonly score: number
  /** 1 where a right answer was said, word for word. */
  readonly exact: number
  readonly f1: number
}

/** What a run said to each question of one part, beside what is right (`answers-test.json`). */
export interface StoredAnswers {
  readonly format: 'attune-answers-1'
  readonly part: PredictedPart
  /** Names of the questions that are asked of every document; empty where each row has its own. */
  readonly classNames: readonly string[]
  /** Hash of the data's content and of every row's part. */
  readonly splitHash: string
  /** A number per question for its document, or for the group that the document belongs to. */
  readonly groups: readonly number[]
  readonly questions: readonly StoredQuestion[]
}

const place = object<AnswerPlace>({ start: count, end: count })
const name: Check = (value) => (value === undefined ? null : text(value))
const question = object<StoredQuestion>({
  line: count,
  question: name,
  key: text,
  document: text,
  truth: list(place),
  said: orNull(place),
  score: number,
  exact: number,
  f1: number
})

function fault(value: unknown): string | null {
  const asked = isRecord(value) && Array.isArray(value['questions']) ? value['questions'].length : 0
  return object<StoredAnswers>({
    format: oneOf('attune-answers-1'),
    part: oneOf('validation', 'test'),
    classNames: list(text),
    splitHash: text,
    groups: list(count, asked),
    questions: list(question)
  })(value)
}

/** What a run answered in a part; null where it kept nothing, or no groups yet. Throws an InputError where the file is damaged. */
export const readAnswers = (folder: string, part: PredictedPart): Promise<StoredAnswers | null> =>
  readStored<StoredAnswers>(join(folder, answersName(part)), fault)

/** Stored answers, ready to be compared. */
export const scoredAnswersOf = ({ questions, groups }: StoredAnswers): ScoredAnswers => ({
  scores: questions.map(({ exact, f1, truth }) => ({ exact, f1, isAnswered: truth.length > 0 })),
  groups: Int32Array.from(groups)
})
