import type { Dataset } from '../data/dataset-types.ts'
import {
  evaluateAnswers,
  numberGroups,
  type AnswerBaseline,
  type AnswerResult,
  type JudgedAnswer,
  type NoneThreshold
} from '../engine/evaluation/index.ts'

type Asked = Pick<Dataset, 'texts' | 'labels' | 'classNames' | 'groups' | 'lines'>

/** A number for each row's document, or the group that it belongs to. */
export function documentNumbers({ texts, groups }: Pick<Dataset, 'texts' | 'groups'>, rows: Int32Array) {
  const named = Array.from(rows, (row) => (groups?.[row] ? `group ${groups[row]}` : `text ${texts[row] ?? ''}`))
  const documents = new Set(Array.from(rows, (row) => texts[row] ?? '')).size
  return { groups: numberGroups(named) ?? new Int32Array(rows.length), documents }
}

export interface MeasuredAnswers {
  readonly rows: Int32Array
  /** What was said to the questions `rows`, beside what is right. */
  readonly judged: readonly JudgedAnswer[]
  readonly threshold: NoneThreshold
  readonly baselines?: readonly AnswerBaseline[]
  readonly seed: number
  readonly resamples: number
}

/** Everything that is said of answers to some rows of a data set. */
export function measureAnswers(
  dataset: Asked,
  { rows, judged, threshold, baselines = [], seed, resamples }: MeasuredAnswers
): AnswerResult {
  const { labels, classNames } = dataset
  const all = labels.kind === 'answers' ? labels.kinds : null
  const kinds = all && Int32Array.from(rows, (row) => all[row] ?? 0)
  return evaluateAnswers(
    { judged, kinds, kindNames: classNames, kindCount: classNames.length, threshold },
    {
      ...documentNumbers(dataset, rows),
      ...{ seed, resamples, baselines },
      rowIds: Array.from(rows, (row) => dataset.lines[row] ?? row)
    }
  )
}
