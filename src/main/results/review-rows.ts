import type { Review, ReviewFilter, ReviewRow } from '../../preload/contract/results.ts'
import { predictedClasses, predictedLabels, type EvaluationInput } from '../engine/evaluation/index.ts'
import { significant } from '../report/numbers.ts'
import { evaluationInputOf, type StoredPredictions } from '../report/predictions.ts'

/** A row of the test without its text. */
export type JudgedRow = Omit<ReviewRow, 'text' | 'verdict'>

const DIGITS = 3

/** Every row of a part with its answer, the worst first: confident errors, then unsure ones, then what is right with the least sure first. */
export function judgedRows(stored: StoredPredictions): readonly JudgedRow[] {
  const input = evaluationInputOf(stored)
  const lineOf = (row: number): number => stored.lines[row] ?? 0
  const judged = judge(input)
  return judged
    .map((each, row) => ({ ...each, line: lineOf(row) }))
    .sort((a, b) => b.badness - a.badness || a.line - b.line)
    .map(({ badness: _badness, ...row }) => row)
}

type Judged = Omit<JudgedRow, 'line'> & { readonly badness: number }

function judge(input: EvaluationInput): Judged[] {
  switch (input.kind) {
    case 'single-label':
      return singleLabel(input)
    case 'multi-label':
      return multiLabel(input)
    case 'regression':
      return Array.from(input.targets, (target, row): Judged => {
        const said = input.predictions[row] ?? 0
        const [answer, predicted] = [significant(target, DIGITS), significant(said, DIGITS)]
        return { answer, predicted, sureness: null, isRight: target === said, badness: Math.abs(target - said) }
      })
  }
}

function singleLabel({ labels, probabilities, classNames }: Extract<EvaluationInput, { kind: 'single-label' }>): Judged[] {
  const width = classNames.length
  return Array.from(predictedClasses(probabilities, width), (said, row): Judged => {
    const label = labels[row] ?? 0
    const sureness = probabilities[row * width + said] ?? 0
    const isRight = said === label
    return {
      answer: classNames[label] ?? '',
      predicted: classNames[said] ?? '',
      sureness,
      isRight,
      badness: isRight ? -sureness : sureness
    }
  })
}

/** A row is right when every label is. It is as sure as its surest wrong decision, or where all are right as its least sure one. */
function multiLabel({
  labels,
  probabilities,
  labelNames,
  thresholds
}: Extract<EvaluationInput, { kind: 'multi-label' }>): Judged[] {
  const width = labelNames.length
  const said = predictedLabels(probabilities, thresholds)
  const namesIn = (flags: Uint8Array, row: number): string => labelNames.filter((_, l) => flags[row * width + l] === 1).join('; ')
  return Array.from({ length: labels.length / width }, (_, row): Judged => {
    const decisions = labelNames.map((_name, l) => {
      const at = row * width + l
      const probability = probabilities[at] ?? 0
      return { isRight: said[at] === labels[at], sureness: said[at] === 1 ? probability : 1 - probability }
    })
    const wrong = decisions.filter(({ isRight }) => !isRight).map(({ sureness }) => sureness)
    const isRight = wrong.length === 0
    const sureness = isRight ? Math.min(1, ...decisions.map((each) => each.sureness)) : Math.max(...wrong)
    return {
      answer: namesIn(labels, row),
      predicted: namesIn(said, row),
      sureness,
      isRight,
      badness: isRight ? -sureness : sureness
    }
  })
}

/** Those rows that a filter lets through, in their order. */
export function filtered(
  rows: readonly JudgedRow[],
  { only, answer, predicted }: Omit<ReviewFilter, 'id'>,
  hasVerdict: (row: JudgedRow) => boolean
): readonly JudgedRow[] {
  return rows.filter(
    (row) =>
      (only === 'all' || (only === 'judged' ? hasVerdict(row) : !row.isRight)) &&
      (answer === null || row.answer === answer) &&
      (predicted === null || row.predicted === predicted)
  )
}

/** The kinds of error among rows, the most frequent first. Scores have no kinds. */
export function kindsOf(rows: readonly JudgedRow[]): Review['kinds'] {
  const wrong = rows.filter(({ isRight, sureness }) => !isRight && sureness !== null)
  const kinds = Map.groupBy(wrong, ({ answer, predicted }) => JSON.stringify([answer, predicted]))
  return [...kinds.values()]
    .flatMap(([first, ...others]) =>
      first ? [{ answer: first.answer, predicted: first.predicted, count: 1 + others.length }] : []
    )
    .sort((a, b) => b.count - a.count)
}
