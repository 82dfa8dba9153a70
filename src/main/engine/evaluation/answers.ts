import type { Measure } from './intervals.ts'
import { measureOnce } from './intervals.ts'

/** What is measured of answers, as SQuAD 2.0's own script does, as shares: over all questions, over those with an answer and over those without. */
export const ANSWER_KEYS = ['answer_f1', 'exact_match', 'has_answer_f1', 'has_answer_exact', 'no_answer_exact'] as const
export type AnswerKey = (typeof ANSWER_KEYS)[number]

/** string.punctuation of Python. */
const punctuation = /[!-/:-@[-`{-~]/g
/** Python's \w counts letters and digits of every script. */
const articles = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu
const blanks = /\p{White_Space}+/u

/**
 * `normalize_answer` of SQuAD: small letters, without ASCII punctuation and the English articles, words divided by single blanks. Other languages' articles stay,
 * and where no blanks divide words (Chinese, Japanese, Thai) an answer is one word.
 */
export function normaliseAnswer(answer: string): string {
  return wordsOf(answer).join(' ')
}

const wordsOf = (answer: string): string[] =>
  answer
    .toLowerCase()
    .replace(punctuation, '')
    .replace(articles, ' ')
    .split(blanks)
    .filter((word) => word !== '')

/** Whether two answers are the same once normalised: 1 or 0. */
export const exactMatch = (gold: string, said: string): number => (normaliseAnswer(gold) === normaliseAnswer(said) ? 1 : 0)

/** F1 over the words that two answers share, each as often as both have it; 1 or 0 where one has no word. */
export function answerF1(gold: string, said: string): number {
  const [there, own] = [wordsOf(gold), wordsOf(said)]
  if (there.length === 0 || own.length === 0) return there.length === own.length ? 1 : 0
  const left = new Map<string, number>()
  for (const word of there) left.set(word, (left.get(word) ?? 0) + 1)
  let shared = 0
  for (const word of own) {
    const count = left.get(word) ?? 0
    if (count === 0) continue
    left.set(word, count - 1)
    shared++
  }
  if (shared === 0) return 0
  const [precision, recall] = [shared / own.length, shared / there.length]
  return (2 * precision * recall) / (precision + recall)
}

/** How right the answer to one question is, 0 to 1. */
export interface QuestionScore {
  readonly exact: number
  readonly f1: number
  /** Whether the text has an answer. */
  readonly isAnswered: boolean
}

/** The best that an answer ('' for none) scores against any of the right ones; answers without a word count for none, as in SQuAD. */
export function scoreAnswer(gold: readonly string[], said: string): QuestionScore {
  const filled = gold.filter((answer) => normaliseAnswer(answer) !== '')
  const right = filled.length === 0 ? [''] : filled
  return {
    exact: Math.max(...right.map((answer) => exactMatch(answer, said))),
    f1: Math.max(...right.map((answer) => answerF1(answer, said))),
    isAnswered: gold.length > 0
  }
}

export interface AnswerData {
  readonly scores: readonly QuestionScore[]
  /** Number of each row's question, and how many there are, where the same ones are asked of every text. */
  readonly kinds: Int32Array | null
  readonly kindCount: number
}

/** Numbers per question that `answerMeasure` writes after those of the whole. */
export const KIND_KEYS = ['f1', 'exact'] as const
export const indexOfKind = (kind: number, key: (typeof KIND_KEYS)[number]): number =>
  ANSWER_KEYS.length + kind * KIND_KEYS.length + KIND_KEYS.indexOf(key)

/** Every number of `ANSWER_KEYS`, then those of each question, over rows counted by their weights; NaN where there is no such row. */
export function answerMeasure({ scores, kinds, kindCount }: AnswerData): Measure {
  const size = ANSWER_KEYS.length + kindCount * KIND_KEYS.length
  const [sums, totals] = [new Float64Array(size), new Float64Array(size)]
  const measure = (weights: Int32Array, out: Float64Array): void => {
    sums.fill(0)
    totals.fill(0)
    for (const [row, { exact, f1, isAnswered }] of scores.entries()) {
      const weight = weights[row] ?? 0
      if (weight === 0) continue
      const add = (at: number, value: number): void => {
        sums[at] = (sums[at] ?? 0) + weight * value
        totals[at] = (totals[at] ?? 0) + weight
      }
      add(0, f1)
      add(1, exact)
      if (isAnswered) add(2, f1)
      add(isAnswered ? 3 : 4, exact)
      if (!kinds) continue
      add(indexOfKind(kinds[row] ?? 0, 'f1'), f1)
      add(indexOfKind(kinds[row] ?? 0, 'exact'), exact)
    }
    for (let at = 0; at < size; at++) out[at] = totals[at] === 0 ? NaN : (sums[at] ?? 0) / (totals[at] ?? 1)
  }
  return { rows: scores.length, size, measure }
}

/** The numbers of `ANSWER_KEYS` by name; NaN where no row defines one. */
export function answerMetrics(scores: readonly QuestionScore[]): Record<AnswerKey, number> {
  const values = measureOnce(answerMeasure({ scores, kinds: null, kindCount: 0 }))
  // Every key is set here.
  return Object.fromEntries(ANSWER_KEYS.map((key, index) => [key, values[index] ?? NaN])) as Record<AnswerKey, number>
}

/** A question with what is said where something is, and how much speaks for none: the higher, the more. */
export interface NoneChoice {
  readonly noneGap: number
  /** Score of what is said, and of saying none. */
  readonly said: number
  readonly none: number
}

/**
 * The gap above which "no answer" is said, so that the mean score is highest: `find_best_thresh` of SQuAD 2.0. Questions of one gap are decided alike; where
 * never answering is best, the threshold lies below every gap.
 */
export function bestThreshold(choices: readonly NoneChoice[]): number {
  const sorted = choices.filter(({ noneGap }) => Number.isFinite(noneGap)).toSorted((a, b) => a.noneGap - b.noneGap)
  let current = sorted.reduce((sum, { none }) => sum + none, 0)
  let [best, threshold] = [current, (sorted[0]?.noneGap ?? 0) - 1]
  for (const [at, { said, none, noneGap }] of sorted.entries()) {
    current += said - none
    if (sorted[at + 1]?.noneGap === noneGap || current <= best) continue
    ;[best, threshold] = [current, noneGap]
  }
  return threshold
}
