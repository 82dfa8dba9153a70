import type { RunId } from '../../../../../preload/contract/common.ts'
import type { Compared } from './compare.svelte.ts'

/** Runs that differ by their seed alone, and what their metrics come to together. */
export interface SeedGroup {
  readonly runs: readonly RunId[]
  /** By metric: the mean, and the sample standard deviation √(Σ(x − mean)² / (n − 1)). */
  readonly spread: ReadonlyMap<string, { readonly mean: number; readonly deviation: number }>
}

/** Settings that a seed changes by itself, or that do not change what is learned. */
const BESIDE = new Set(['seed', 'training.seed', 'weights', 'device'])

/** What two runs must share to be one run with two seeds. */
function recipeOf({ summary, result }: Compared): string {
  const settings = result.settings.filter(({ name }) => !BESIDE.has(name)).map(({ name, value }) => [name, value] as const)
  return JSON.stringify([summary.dataset.id, summary.model.id, summary.task, settings.toSorted(([a], [b]) => (a < b ? -1 : 1))])
}

const seedOf = ({ result }: Compared): unknown => result.settings.find(({ name }) => name === 'seed' || name === 'training.seed')?.value

/** Groups of at least two runs that differ by their seed alone, in the order of the runs. */
export function seedGroups(all: readonly Compared[]): readonly SeedGroup[] {
  const byRecipe = Map.groupBy(all, recipeOf)
  return [...byRecipe.values()].flatMap((group) => {
    const seeds = new Set(group.map(seedOf))
    return group.length > 1 && seeds.size === group.length ? [{ runs: group.map(({ summary }) => summary.id), spread: spreadOf(group) }] : []
  })
}

function spreadOf(group: readonly Compared[]): SeedGroup['spread'] {
  const ids = new Set(group.flatMap(({ result }) => result.metrics.map(({ id }) => id)))
  return new Map(
    [...ids].flatMap((id) => {
      const values = group.flatMap(({ result }) => result.metrics.find((metric) => metric.id === id)?.model?.value ?? [])
      if (values.length < group.length) return []
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
      return [[id, { mean, deviation: Math.sqrt(squares / (values.length - 1)) }] as const]
    })
  )
}
