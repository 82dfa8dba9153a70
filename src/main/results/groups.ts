import type { GroupRow, Groups } from '../../preload/contract/results.ts'
import { compareGroups, FEWEST_IN_GROUP, mergeGroups, predictedClasses, rowScores } from '../engine/evaluation/index.ts'
import { evaluationInputOf, type StoredPredictions } from '../report/predictions.ts'
import { groupWords as words } from '../report/review-words.ts'

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
  const { names, merged, groupOf } = mergeGroups(rows.map((row) => nameOf[row] ?? ''))
  const shown = merged > 0 ? [...names, words.merged(merged)] : names
  const compared = compareGroups(
    Float64Array.from(rows, (row) => values[row] ?? 0),
    groupOf,
    shown.length,
    {
      seed: 1,
      isShare,
      units: units && renumbered(rows.map((row) => units[row] ?? 0))
    }
  )
  const made = compared.map((each, g): GroupRow => {
    const isMerged = g === names.length
    return { ...each, name: shown[g] === '' ? words.empty : (shown[g] ?? ''), isMerged, isFew: each.rows < FEWEST_IN_GROUP }
  })
  return { rows: made, merged }
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
