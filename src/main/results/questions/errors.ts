import type { NoneCounts, QuestionErrorKind, QuestionFilter } from '../../../preload/contract/questions.ts'
import type { PassageVerdict } from '../../../preload/contract/passages.ts'
import type { StoredAnswers, StoredQuestion } from '../../report/stored-answers.ts'

/** A question of the test with the name by which a page asks for it, places in code points as they are stored. */
export interface KeyedQuestion {
  readonly key: string
  readonly line: number
  readonly asked: StoredQuestion
}

export interface StoredError extends KeyedQuestion {
  readonly error: QuestionErrorKind
}

/** Every question of the test, each with a key of its own: one row asks one question, or the fixed ones by their names. */
export const keyedQuestions = ({ questions }: StoredAnswers): readonly KeyedQuestion[] =>
  questions.map((asked) => ({ key: `${asked.line}|${asked.question ?? ''}`, line: asked.line, asked }))

/** What is wrong with an answer; null where it is exactly right. */
export function errorOf({ truth, said, exact, f1 }: StoredQuestion): QuestionErrorKind | null {
  if (exact === 1) return null
  if (truth.length === 0) return 'invented'
  if (said === null) return 'missed'
  return f1 > 0 ? 'partly' : 'wrong'
}

/** Every error of the test, the surest first, then what was missed in the order of the file. */
export function errorsOf(questions: readonly KeyedQuestion[]): readonly StoredError[] {
  const sureness = ({ asked }: KeyedQuestion): number => (asked.said ? asked.score : 0)
  return questions
    .flatMap((each): StoredError[] => {
      const error = errorOf(each.asked)
      return error === null ? [] : [{ ...each, error }]
    })
    .sort((a, b) => sureness(b) - sureness(a) || a.line - b.line)
}

/** Those errors that a filter lets through, in their order. */
export function filteredErrors(
  errors: readonly StoredError[],
  { only, name }: Omit<QuestionFilter, 'id'>,
  verdicts: ReadonlyMap<string, PassageVerdict>
): readonly StoredError[] {
  return errors.filter(
    ({ key, error, asked }) =>
      (only === 'all' || (only === 'judged' ? verdicts.has(key) : error === only)) && (name === null || asked.question === name)
  )
}

/** Questions by whether the document has an answer, and what was said. */
export function noneCountsOf({ questions }: StoredAnswers): NoneCounts {
  const count = (holds: (question: StoredQuestion) => boolean): number => questions.filter(holds).length
  const isAnswered = ({ truth }: StoredQuestion): boolean => truth.length > 0
  const ofError = (kind: QuestionErrorKind): number => count((each) => errorOf(each) === kind)
  return {
    answered: {
      exact: count((each) => isAnswered(each) && each.exact === 1),
      partly: ofError('partly'),
      wrong: ofError('wrong'),
      none: ofError('missed')
    },
    unanswered: { said: ofError('invented'), none: count((each) => !isAnswered(each) && each.exact === 1) }
  }
}
