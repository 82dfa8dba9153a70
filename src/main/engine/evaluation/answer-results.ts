import { defined } from '../../base/assert.ts'
import { SIGNIFICANCE } from '../../base/significance.ts'
import { ANSWER_KEYS, answerMeasure, indexOfKind, type AnswerData, type AnswerKey, type QuestionScore } from './answers.ts'
import type { BaselineComparison } from './compare.ts'
import { keyed, percentileEstimate, resample, wilson, type Estimate, type Resampled } from './intervals.ts'
import { holm, pairedBootstrap, signFlipTest } from './paired.ts'
import type { EvaluationOptions, IntervalMethod } from './results.ts'

/** A stretch of a document in UTF-16 units. */
export interface AnswerPlace {
  readonly start: number
  readonly end: number
}

/** What was said to a question, and what is right. */
export interface JudgedAnswer extends QuestionScore {
  readonly truth: readonly AnswerPlace[]
  readonly said: AnswerPlace | null
  /** Probability of what was said. */
  readonly score: number
}

/**
 * The gap in logits above which none is said; null where something always is. One for each fold where a test was answered by folds: each fitted its
 * own.
 */
export type NoneThreshold = number | null | readonly (number | null)[]

export interface AnswerInput extends Omit<AnswerData, 'scores'> {
  readonly judged: readonly JudgedAnswer[]
  /** Names of the questions that are asked of every text. */
  readonly kindNames: readonly string[]
  readonly threshold: NoneThreshold
}

export interface AnswerBaseline {
  readonly id: string
  readonly title: string
  readonly scores: readonly QuestionScore[]
}

/** One of the questions that are asked of every text. */
export interface QuestionRow {
  readonly name: string
  readonly rows: number
  /** Texts that have an answer. */
  readonly answered: number
  readonly f1: Estimate | null
  readonly exact: Estimate | null
}

export interface AnswerError {
  readonly row: number
  /** Number of the question; null where they stand in the data. */
  readonly question: number | null
  /** `missed`: none was said; `invented`: there is none; `partly`: some words are right; `wrong`: none is. */
  readonly kind: 'missed' | 'invented' | 'partly' | 'wrong'
  /** The first of the right answers. */
  readonly truth: AnswerPlace | null
  readonly said: AnswerPlace | null
  readonly score: number
}

/** Everything the report says of answers to the test questions, as plain JSON. */
export interface AnswerResult {
  readonly kind: 'answers'
  /** Questions; `documents`: texts they were asked of. */
  readonly rows: number
  readonly documents: number
  /** Questions whose text has an answer, and of both kinds those that were answered exactly right. */
  readonly answered: number
  readonly exact: { readonly answered: number; readonly none: number }
  readonly intervals: IntervalMethod
  readonly primary: AnswerKey
  readonly metrics: Record<AnswerKey, Estimate | null>
  readonly classNames: readonly string[]
  readonly perQuestion: readonly QuestionRow[]
  readonly threshold: NoneThreshold
  readonly errors: Record<AnswerError['kind'], number>
  /** The surest first, then what was missed. */
  readonly worstErrors: readonly AnswerError[]
  readonly baselines: readonly BaselineComparison<AnswerKey>[]
}

const PRIMARY: AnswerKey = 'answer_f1'
const DEFAULT_WORST = 50

type Options = Omit<EvaluationOptions, 'baselines' | 'primary' | 'groups'> & {
  /** A number for each row's document, or what belongs together: questions about one text are not independent. */
  readonly groups: Int32Array
  /** How many texts there are. */
  readonly documents: number
  readonly baselines?: readonly AnswerBaseline[]
}

/** Judges answers, with bootstrap intervals over documents (or groups of them), and baselines beside on the same resamples. */
export function evaluateAnswers(input: AnswerInput, options: Options): AnswerResult {
  const { seed, groups, documents, baselines = [], worst = DEFAULT_WORST } = options
  const { judged, kinds, kindCount, kindNames, threshold } = input
  const measures = [judged, ...baselines.map(({ scores }) => scores)].map((scores) => answerMeasure({ scores, kinds, kindCount }))
  const resampled = resample(measures, options)
  const model = defined(resampled[0], 'the resampled model')
  const errors = errorsOf(input, options.rowIds)
  const counts = { missed: 0, invented: 0, partly: 0, wrong: 0 }
  for (const { kind } of errors) counts[kind]++
  const right = (isAnswered: boolean): number => judged.filter((one) => one.isAnswered === isAnswered && one.exact === 1).length
  const answered = judged.filter(({ isAnswered }) => isAnswered).length
  return {
    kind: 'answers',
    rows: judged.length,
    documents,
    answered,
    exact: { answered: right(true), none: right(false) },
    intervals: { level: model.level, resamples: model.resamples, seed, unit: 'groups' },
    primary: PRIMARY,
    metrics: metricsOf(model, judged.length, answered, right(true), right(false)),
    classNames: kindNames,
    perQuestion: kindNames.map((name, kind) => questionRow(input, model, name, kind)),
    threshold,
    errors: counts,
    worstErrors: errors.toSorted((a, b) => b.score - a.score || a.row - b.row).slice(0, worst),
    baselines: compare(judged, baselines, resampled, seed, groups)
  }
}

/** Shares of questions with the wider of two intervals: the bootstrap alone shrinks to a point where everything is right. */
function metricsOf(
  model: Resampled,
  rows: number,
  answered: number,
  right: number,
  rightNone: number
): Record<AnswerKey, Estimate | null> {
  const plain = keyed(ANSWER_KEYS, (index) => percentileEstimate(model, index))
  return {
    ...plain,
    exact_match: widened(plain.exact_match, wilson(right + rightNone, rows, model.level)),
    has_answer_exact: widened(plain.has_answer_exact, wilson(right, answered, model.level)),
    no_answer_exact: widened(plain.no_answer_exact, wilson(rightNone, rows - answered, model.level))
  }
}

function widened(bootstrapped: Estimate | null, score: Estimate | null): Estimate | null {
  if (!bootstrapped || !score) return bootstrapped
  const { value, low, high } = bootstrapped
  return { value, low: Math.min(low, score.low), high: Math.max(high, score.high) }
}

function questionRow({ judged, kinds }: AnswerInput, model: Resampled, name: string, kind: number): QuestionRow {
  const own = judged.filter((_, row) => kinds?.[row] === kind)
  const right = own.filter(({ exact }) => exact === 1).length
  return {
    name,
    rows: own.length,
    answered: own.filter(({ isAnswered }) => isAnswered).length,
    f1: percentileEstimate(model, indexOfKind(kind, 'f1')),
    exact: widened(percentileEstimate(model, indexOfKind(kind, 'exact')), wilson(right, own.length, model.level))
  }
}

function errorsOf({ judged, kinds }: AnswerInput, rowIds: readonly number[] | undefined): AnswerError[] {
  return judged.flatMap(({ exact, f1, isAnswered, truth, said, score }, row): AnswerError[] => {
    if (exact === 1) return []
    const kind = !isAnswered ? 'invented' : !said ? 'missed' : f1 > 0 ? 'partly' : 'wrong'
    const question = kinds?.[row] ?? null
    return [{ row: rowIds?.[row] ?? row, question, kind, truth: truth[0] ?? null, said, score: said ? score : 0 }]
  })
}

function compare(
  judged: readonly QuestionScore[],
  baselines: readonly AnswerBaseline[],
  resampled: readonly Resampled[],
  seed: number,
  groups: Int32Array
): BaselineComparison<AnswerKey>[] {
  const model = defined(resampled[0], 'the resampled model')
  const raw = baselines.map(({ scores }) => {
    const gaps = Float64Array.from(judged, ({ f1 }, row) => f1 - (scores[row]?.f1 ?? 0))
    return signFlipTest(gaps, { seed, groups })
  })
  const adjusted = holm(raw)
  return baselines.map(({ id, title }, b) => {
    const own = defined(resampled[b + 1], 'each baseline among the resamples')
    const differences = keyed(ANSWER_KEYS, (index) => pairedBootstrap(model, own, index).difference)
    const difference = differences[PRIMARY]
    const adjustedP = adjusted[b] ?? 1
    const isShown = difference !== null && difference.value !== 0 && adjustedP < SIGNIFICANCE
    return {
      id,
      title,
      metrics: keyed(ANSWER_KEYS, (index) => percentileEstimate(own, index)),
      differences,
      tests: [{ metric: PRIMARY, method: 'sign-flip', p: raw[b] ?? 1, adjustedP }],
      verdict: !isShown ? 'not shown' : difference.value > 0 ? 'better' : 'worse'
    }
  })
}
