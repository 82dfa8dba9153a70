import type { GroupRow, Groups } from '../../preload/contract/results.ts'
import { compareGroups, predictedClasses, rowScores } from '../engine/evaluation/index.ts'
import { evaluationInputOf, type StoredPredictions } from '../report/predictions.ts'
import { groupWords as words } from '../report/review-words.ts'

/** Groups with fewer rows are merged: their numbers would say nothing. */
const FEWEST = 20

/** What is measured in each group: a value for each row, NaN for rows that it does not concern. */
interface RowMetric {
  readonly id: string
  readonly title: string
  readonly isShare: boolean
  readonly values: Float64Array
}

/** What can be measured of each row: right or not, and for each class found or not and false alarm or not; for scores how far off. */
export function rowMetrics(stored: StoredPredictions): readonly RowMetric[] {
  const input = evaluationInputOf(stored)
  const { values, isShare } = rowScores(input)
  if (input.kind === 'regression') return [{ id: 'error', title: words.error, isShare, values }]
  if (input.kind === 'multi-label') return [{ id: 'right', title: words.allRight, isShare, values }]
  const { labels, probabilities, classNames } = input
  const said = predictedClasses(probabilities, classNames.length)
  return [
    { id: 'right', title: words.right, isShare, values },
    ...classNames.flatMap((name, c): RowMetric[] => [
      {
        id: `found:${name}`,
        title: words.found(name),
        isShare: true,
        values: Float64Array.from(labels, (label, row) => (label === c ? Number(said[row] === c) : NaN))
      },
      {
        id: `alarm:${name}`,
        title: words.falseAlarm(name),
        isShare: true,
        values: Float64Array.from(labels, (label, row) => (label === c ? NaN : Number(said[row] === c)))
      }
    ])
  ]
}

/** Compares what is measured between groups of rows; `nameOf` [rows] says which group each row is in. Small groups are merged. */
export function groupRows(
  { values, isShare }: RowMetric,
  nameOf: readonly string[],
  units: readonly number[] | null
): Pick<Groups, 'rows' | 'merged'> {
  const rows = [...values.keys()].filter((row) => !Number.isNaN(values[row]))
  const sizes = new Map<string, number>()
  for (const row of rows) sizes.set(nameOf[row] ?? '', (sizes.get(nameOf[row] ?? '') ?? 0) + 1)
  const small = [...sizes].filter(([, size]) => size < FEWEST).map(([name]) => name)
  // One small group alone has nothing to be merged with, and is shown with its wide interval.
  const merged = new Set(small.length > 1 ? small : [])
  const names = [...sizes.keys()].filter((name) => !merged.has(name)).sort(byNumber)
  const place = (name: string): number => (merged.has(name) ? names.length : names.indexOf(name))
  const shown = merged.size > 0 ? [...names, words.merged(merged.size)] : names
  const compared = compareGroups(
    Float64Array.from(rows, (row) => values[row] ?? 0),
    Int32Array.from(rows, (row) => place(nameOf[row] ?? '')),
    shown.length,
    { seed: 1, isShare, units: units && renumbered(rows.map((row) => units[row] ?? 0)) }
  )
  const made = compared.map((each, g): GroupRow => {
    const isMerged = g === names.length
    return { ...each, name: shown[g] === '' ? words.empty : (shown[g] ?? ''), isMerged, isFew: each.rows < FEWEST }
  })
  return { rows: made, merged: merged.size }
}

/** Numbers from 0 in order of appearance, without gaps. */
function renumbered(units: readonly number[]): Int32Array {
  const places = new Map<number, number>()
  return Int32Array.from(units, (unit) => {
    const place = places.get(unit) ?? places.size
    places.set(unit, place)
    return place
  })
}

const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })
