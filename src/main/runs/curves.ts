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
  const kept = values.flatMap((value, i) => (value === null || !Number.isFinite(value) ? [] : [i]))
  if (kept.length <= limit) return pick(steps, values, kept)
  const buckets = Math.max(1, Math.floor(limit / 2))
  const chosen: number[] = []
  for (let bucket = 0; bucket < buckets; bucket++) {
    const part = kept.slice(Math.floor((bucket * kept.length) / buckets), Math.floor(((bucket + 1) * kept.length) / buckets))
    const by = (i: number): number => values[i] ?? 0
    const low = part.reduce((best, i) => (by(i) < by(best) ? i : best), part[0] ?? 0)
    const high = part.reduce((best, i) => (by(i) > by(best) ? i : best), part[0] ?? 0)
    chosen.push(...(low === high ? [low] : [Math.min(low, high), Math.max(low, high)]))
  }
  return pick(steps, values, chosen)
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
