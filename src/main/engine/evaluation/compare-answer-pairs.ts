import { assert, defined } from '../../base/assert.ts'
import { ANSWER_KEYS, answerMeasure, type AnswerKey, type QuestionScore } from './answers.ts'
import { decidedPairs, type PairComparison, type PairOptions } from './compare-pairs.ts'
import { resample } from './intervals.ts'
import { pairedBootstrap, signFlipTest } from './paired.ts'

/** How right one model's answers to the questions of some documents are. */
export interface ScoredAnswers {
  readonly scores: readonly QuestionScore[]
  /** A number per question for its document, or for the group that the document belongs to. */
  readonly groups: Int32Array
}

const PRIMARY: AnswerKey = 'answer_f1'

/**
 * Every pair of models that answered the same questions: the difference in F1, and whether it is more than chance. If two models were alike, each document's
 * difference could have had either sign: signs of whole documents (or groups of them) are flipped, since questions about one text are no independent tries.
 */
export function compareAnswerPairs(
  models: readonly ScoredAnswers[],
  { seed, resamples }: Pick<PairOptions, 'seed' | 'resamples'>
): { readonly primary: string; readonly pairs: readonly PairComparison[] } {
  const { groups } = defined(models[0], 'a model to compare')
  const index = ANSWER_KEYS.indexOf(PRIMARY)
  const measures = models.map(({ scores }) => answerMeasure({ scores, kinds: null, kindCount: 0 }))
  const resampled = resample(measures, { seed, groups, ...(resamples !== undefined && { resamples }) })
  const raw = models.flatMap((model, first) =>
    models.slice(first + 1).map((other, next) => {
      const second = first + 1 + next
      assert(other.scores.length === model.scores.length, 'both models answer the same questions')
      const [own, theirs] = [defined(resampled[first], 'its resamples'), defined(resampled[second], 'its resamples')]
      const gaps = Float64Array.from(model.scores, ({ f1 }, row) => f1 - (other.scores[row]?.f1 ?? 0))
      const { difference } = pairedBootstrap(own, theirs, index)
      return { first, second, difference, p: signFlipTest(gaps, { seed, groups }) }
    })
  )
  return { primary: PRIMARY, pairs: decidedPairs(PRIMARY, 'sign-flip', raw) }
}
