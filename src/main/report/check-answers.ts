import type { AnswerError, AnswerPlace, AnswerResult, Estimate, QuestionRow } from '../engine/evaluation/index.ts'
import { count, isRecord, list, number, object, oneOf, orList, orNull, text } from './shape.ts'
import type { Check, ChecksOf } from './shape.ts'

const estimate = orNull(object<Estimate>({ value: number, low: number, high: number }))
const question = object<QuestionRow>({ name: text, rows: count, answered: count, f1: estimate, exact: estimate })
const place = orNull(object<AnswerPlace>({ start: count, end: count }))
const error = object<AnswerError>({
  row: count,
  question: orNull(count),
  kind: oneOf('missed', 'invented', 'partly', 'wrong'),
  truth: place,
  said: place,
  score: number
})

type Common = Pick<ChecksOf<AnswerResult>, 'rows' | 'intervals' | 'primary' | 'metrics' | 'baselines'>

/** Checks the result of a run that finds answers; `common`: what it shares with other results. */
export const checkAnswers =
  (common: Common): Check =>
  (value) => {
    const questions = isRecord(value) && Array.isArray(value['classNames']) ? value['classNames'].length : 0
    return object<AnswerResult>({
      ...common,
      kind: oneOf('answers'),
      documents: count,
      answered: count,
      exact: object<AnswerResult['exact']>({ answered: count, none: count }),
      classNames: list(text),
      perQuestion: list(question, questions),
      threshold: orList(orNull(number)),
      errors: object<AnswerResult['errors']>({ missed: count, invented: count, partly: count, wrong: count }),
      worstErrors: list(error)
    })(value)
  }
