import { defined } from '../base/assert.ts'
import { answerMetrics, lostInAnswers, type JudgedAnswer } from '../engine/evaluation/index.ts'
import type { Stretch } from '../engine/training/answer-examples.ts'
import type { Examples } from '../engine/training/examples.ts'
import {
  answerBy,
  findAnswers,
  windowsByRow,
  type AnswerReading,
  type ReadQuestion,
  type SaidAnswer
} from '../engine/training/find-answers.ts'
import { allowedOf, differenceOf, type Replay, type Tolerance } from './compare-answers.ts'
import { finite } from './judge.ts'
import type { Answered } from './opened-export.ts'
import type { AskedRows } from './tested-questions.ts'

/** How scores are read as answers: which pairs count, and when none is said. */
export interface QuestionReading extends AnswerReading {
  readonly threshold: number | null
}

/** Scores of the tokens of asked texts, and how they are read. */
export interface ReadScores {
  readonly answered: Answered
  readonly reading: QuestionReading
}

export interface ComparedQuestions {
  readonly rows: AskedRows
  readonly tolerance: Tolerance
  /** What the run answers now, and what the exported files do. */
  readonly run: ReadScores
  readonly exported: ReadScores
  /** What the run answered when it was tested. */
  readonly stored: readonly JudgedAnswer[]
}

/** How many questions were given an answer before and after. */
export interface ReplayedAnswers {
  readonly before: number
  readonly after: number
}

/** Fixed, so that exporting twice finds the same. */
const SEED = 1

/** What a model says to each question. */
export const readScores = ({ answered: { examples, logits }, reading }: ReadScores): ReadQuestion[] =>
  findAnswers(examples, logits, reading)

/** Judges the answers before and after, and counts what changed. */
export function compareQuestions({ rows, tolerance, run, exported, stored }: ComparedQuestions): Replay {
  const { difference, largest } = differenceOf(run.answered.logits, exported.answered.logits)
  const after = rows.judged(readScores(exported), exported.reading.threshold)
  const isByMetric = 'rounding' in tolerance
  const near = isByMetric ? 0 : allowedOf(tolerance, largest)
  const changed = [...stored.keys()].filter((row) => !isSame(stored[row]?.said, after[row]?.said))
  const isTie = tiedWith(run, near)
  const ties = isByMetric ? 0 : changed.filter((row) => isTie(row, stored[row]?.said ?? null, after[row]?.said ?? null)).length
  return {
    part: rows.part,
    rows: rows.places.length,
    of: rows.of,
    before: finite(answerMetrics(stored)),
    after: finite(answerMetrics(after)),
    largest_logit_difference: difference,
    largest_logit: largest,
    changed_rows: changed.length,
    ties,
    answers: { before: given(stored), after: given(after) },
    tolerance,
    ...(isByMetric && {
      loss: {
        metric: 'answer_f1',
        ...lostInAnswers(stored, after, { seed: SEED, groups: rows.documents }),
        allowed: tolerance.lost
      }
    })
  }
}

/** Of a logit, and of a score: what another batch or processor may change. */
const AS_TESTED = 1e-3

/** Whether a run still answers as it did when it was tested, but for questions whose two answers are too close to call. */
export function answersAsTested(run: ReadScores, stored: readonly SaidAnswer[]): boolean {
  const largest = run.answered.logits.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const isTie = tiedWith(run, AS_TESTED * Math.max(1, largest))
  return readScores(run).every((question, row) => {
    const was = stored[row]
    const now = answerBy(question, run.reading.threshold)
    if (!was || !isSame(was.said, now.said)) return was !== undefined && isTie(row, was.said, now.said)
    return Math.abs(now.score - was.score) <= AS_TESTED
  })
}

const given = (answers: readonly JudgedAnswer[]): number => answers.filter(({ said }) => said !== null).length

const isSame = (a: Stretch | null = null, b: Stretch | null = null): boolean => a?.start === b?.start && a?.end === b?.end

/**
 * Whether two answers to a question could change places where each logit differs by up to `near`: by the run's own logits they are then no more than four times
 * that apart, since the score of each is a sum of two.
 */
function tiedWith({ answered: { examples, logits }, reading }: ReadScores, near: number) {
  const windows = windowsByRow(examples)
  return (row: number, one: Stretch | null, other: Stretch | null): boolean => {
    const own = windows.get(examples.rows[row] ?? row) ?? []
    const scoreOf = (said: Stretch | null): number =>
      said === null ? noneScore(examples, logits, own, reading) : stretchScore(examples, logits, own, said)
    return Math.abs(scoreOf(one) - scoreOf(other)) <= 4 * near
  }
}

/** What "no answer" has to be beaten by: it is said where this is above the best answer. */
function noneScore(
  { tagged }: Examples,
  logits: Float32Array,
  windows: readonly number[],
  { threshold }: QuestionReading
): number {
  if (threshold === null) return -Infinity
  const sums = windows.map((sequence) => {
    const first = tagged?.units.at(sequence)[0] ?? 0
    return (logits[2 * first] ?? 0) + (logits[2 * first + 1] ?? 0)
  })
  return Math.min(Infinity, ...sums) - threshold
}

/** The highest score of a stretch in any window; −∞ where it stands in none. */
function stretchScore({ tagged }: Examples, logits: Float32Array, windows: readonly number[], { start, end }: Stretch): number {
  const { units, from, to } = defined(tagged, 'the tokens of asked texts')
  let best = -Infinity
  for (const sequence of windows) {
    const tokens = [...units.at(sequence)]
    const bestAt = (places: Int32Array, value: number, side: 0 | 1): number =>
      tokens.reduce((most, token) => (places[token] === value ? Math.max(most, logits[2 * token + side] ?? 0) : most), -Infinity)
    best = Math.max(best, bestAt(from, start, 0) + bestAt(to, end, 1))
  }
  return best
}
