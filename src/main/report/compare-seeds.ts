import { assert } from '../base/assert.ts'
import type { Estimate } from '../engine/evaluation/index.ts'
import type { SeedStatistic, SeedSummary } from './run-report.ts'

/** The test metrics of one seed's run: estimates, or their values alone. */
export interface SeedResult {
  readonly seed: number
  readonly metrics: Readonly<Record<string, Estimate | number | null>>
}

/**
 * Mean and sample standard deviation, √(Σ(x − mean)² / (n − 1)), of the values that are defined; null when none is.
 */
export function seedStatistic(values: readonly (number | null)[]): SeedStatistic | null {
  const defined = values.filter((value) => value !== null)
  if (defined.length === 0) return null
  const mean = defined.reduce((sum, value) => sum + value, 0) / defined.length
  const squares = defined.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { values, mean, deviation: defined.length < 2 ? null : Math.sqrt(squares / (defined.length - 1)) }
}

/** Each metric over several seeds, in the order of the first run's metrics. */
export function compareSeeds(runs: readonly SeedResult[]): SeedSummary {
  const seeds = runs.map(({ seed }) => seed)
  assert(new Set(seeds).size === seeds.length, 'each seed is run once')
  const names = new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))
  const entries = [...names].flatMap((name) => {
    const statistic = seedStatistic(runs.map(({ metrics }) => valueOf(metrics[name])))
    return statistic ? [[name, statistic] as const] : []
  })
  return { seeds, metrics: Object.fromEntries(entries) }
}

function valueOf(metric: Estimate | number | null | undefined): number | null {
  const value = typeof metric === 'object' ? (metric?.value ?? null) : (metric ?? null)
  return value !== null && Number.isFinite(value) ? value : null
}
