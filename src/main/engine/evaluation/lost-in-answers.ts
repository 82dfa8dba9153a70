import { defined } from '../../base/assert.ts'
import { ANSWER_KEYS, answerMeasure, type QuestionScore } from './answers.ts'
import type { LostInMarks } from './entity-loss.ts'
import { resample, type ResampleOptions } from './intervals.ts'
import { pairedBootstrap } from './paired.ts'

const F1 = ANSWER_KEYS.indexOf('answer_f1')

/** What F1 over all questions lost between two readings of the same questions, with an interval over resampled texts (or `groups` of them). */
export function lostInAnswers(
  before: readonly QuestionScore[],
  after: readonly QuestionScore[],
  options: ResampleOptions
): LostInMarks {
  const measures = [before, after].map((scores) => answerMeasure({ scores, kinds: null, kindCount: 0 }))
  const [was, is] = resample(measures, options)
  const [own, other] = [defined(was, 'the first reading'), defined(is, 'the second reading')]
  const { difference } = pairedBootstrap(own, other, F1)
  const lost = (own.values[F1] ?? Number.NaN) - (other.values[F1] ?? Number.NaN)
  return { lost, interval: difference && [difference.low, difference.high] }
}
