import type { Curves } from '../../preload/contract/runs.ts'
import type { EvaluationPoint, MetricPoint } from '../tracker/queries/metrics.ts'

/** Points that a chart gets at most of one series. */
export const MOST_POINTS = 2000

type Series = Curves['loss']

/**
 * At most `limit` points of a series: of each of `limit / 2` equal runs of points its lowest and its highest, so that no spike is lost. Values
 * that are not finite are left out.
 */
export function thin(steps: readonly number[], values: readonly (number | null)[], limit = MOST_POINTS): Series {
  const kept: number[] = []
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) kept.push(i)
  if (kept.length <= limit) return pick(steps, values, kept)
  const buckets = Math.max(1, Math.floor(limit / 2))
  const chosen: number[] = []
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * kept.length) / buckets)
    const to = Math.floor(((bucket + 1) * kept.length) / buckets)
    const [low, high] = extremes(values, kept, from, to)
    chosen.push(...(low === high ? [low] : [Math.min(low, high), Math.max(low, high)]))
  }
  return pick(steps, values, chosen)
}

/** The rows of the lowest and of the highest value among `kept[from]` to `kept[to - 1]`, the first of equals. Written for speed: six overlaid runs have 240,000 values. */
function extremes(values: readonly (number | null)[], kept: readonly number[], from: number, to: number): readonly [number, number] {
  let low = kept[from] ?? 0
  let high = low
  let least = values[low] ?? 0
  let most = least
  for (let k = from + 1; k < to; k++) {
    const row = kept[k] ?? 0
    const value = values[row] ?? 0
    if (value < least) [low, least] = [row, value]
    if (value > most) [high, most] = [row, value]
  }
  return [low, high]
}

function pick(steps: readonly number[], values: readonly (number | null)[], rows: readonly number[]): Series {
  return { step: rows.map((i) => steps[i] ?? 0), value: rows.map((i) => values[i] ?? 0) }
}

/** The columns that the charts draw. */
export function curvesOf(points: readonly MetricPoint[], evaluations: readonly EvaluationPoint[]): Curves {
  const steps = points.map(({ step }) => step)
  const series = (of: (point: MetricPoint) => number | null): Series => thin(steps, points.map(of))
  return {
    loss: series(({ loss }) => loss),
    learningRate: series(({ learningRate }) => learningRate),
    memory: series(({ memoryBytes }) => memoryBytes),
    speed: series(({ tokensPerSecond }) => tokensPerSecond),
    evaluations
  }
}
