import type { PersonPoint, Thresholds } from '../../../../../preload/contract/results.ts'
import type { CurveSeries } from '../../../charts/curve-series.ts'
import type { ChartTable } from '../../../lib/save-chart.ts'
import type { Measured } from '../../../../../preload/contract/common.ts'
import { words } from '../../../lib/words/index.ts'

type Reach = NonNullable<CurveSeries['reach']>

const reachAt = (x: number, measured: Measured | null): Reach =>
  measured === null || measured.low === null || measured.high === null ? [] : [{ x, low: measured.low, high: measured.high }]

/** Found, right and called out, by the threshold. */
export function alarmSeries({ curve, rows }: Pick<Thresholds, 'curve' | 'rows'>): readonly CurveSeries[] {
  const points = curve.toReversed()
  const of = (id: string, label: string, pick: (point: Thresholds['curve'][number]) => Measured | null): CurveSeries => ({
    id,
    label,
    points: points.flatMap((point) => {
      const measured = pick(point)
      return measured === null ? [] : [{ x: point.threshold, y: measured.value }]
    }),
    reach: points.flatMap((point) => reachAt(point.threshold, pick(point)))
  })
  return [
    of('recall', words.thresholds.found, ({ recall }) => recall),
    of('precision', words.thresholds.right, ({ precision }) => precision),
    {
      id: 'alarms',
      label: words.thresholds.alarms,
      points: points.map(({ threshold, alarms }) => ({ x: threshold, y: rows === 0 ? 0 : alarms / rows }))
    }
  ]
}

/** Right among what is answered without a person, by how much that is. */
export function personSeries(curve: readonly PersonPoint[]): readonly CurveSeries[] {
  const points = curve.toReversed()
  return [
    {
      id: 'accuracy',
      label: words.thresholds.accuracy,
      points: points.flatMap(({ coverage, accuracy }) => (accuracy === null ? [] : [{ x: coverage, y: accuracy.value }])),
      reach: points.flatMap(({ coverage, accuracy }) => reachAt(coverage, accuracy))
    }
  ]
}

/** The points behind the lines, one row for each x. */
export function tableOf(series: readonly CurveSeries[], xTitle: string): ChartTable {
  const xs = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].toSorted((a, b) => a - b)
  const at = series.map(({ points }) => new Map(points.map(({ x, y }) => [x, y])))
  return { columns: [xTitle, ...series.map(({ label }) => label)], rows: xs.map((x) => [x, ...at.map((ys) => ys.get(x) ?? null)]) }
}
