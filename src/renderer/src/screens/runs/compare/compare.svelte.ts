import type { Measured, RunId, SettingValue } from '../../../../../preload/contract/common.ts'
import type { Comparison } from '../../../../../preload/contract/compare.ts'
import type { Curves, RunResult, RunSummary } from '../../../../../preload/contract/runs.ts'
import type { Api } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'
import { runColours } from '../../../lib/run-colours.ts'
import { seedGroups, type SeedGroup } from './seed-groups.ts'

export interface Compared {
  readonly summary: RunSummary
  readonly result: RunResult
  readonly curves: Curves
}

interface Line<T> {
  readonly id: string
  readonly name: string
  /** By the compared runs; undefined is unset, which is neither false nor 0. */
  readonly values: readonly T[]
}

/** Two to six finished runs side by side. */
export class CompareState {
  readonly runs: Resource<readonly Compared[]>
  readonly comparison: Resource<Comparison>
  hidesEqual = $state(true)
  readonly #colours: ReadonlyMap<string, number>
  readonly metrics = $derived.by((): readonly Line<Measured | null>[] => {
    const all = this.runs.value ?? []
    const titles = new Map(all.flatMap(({ result }) => result.metrics.map(({ id, title }) => [id, title] as const)))
    return [...titles].map(([id, name]) => ({
      id,
      name,
      values: all.map(({ result }) => result.metrics.find((metric) => metric.id === id)?.model ?? null)
    }))
  })
  readonly settings = $derived.by((): readonly Line<SettingValue | undefined>[] => {
    const all = this.runs.value ?? []
    const names = new Set(all.flatMap(({ result }) => result.settings.map(({ name }) => name)))
    const lines = [...names].map((name) => ({
      id: name,
      name,
      values: all.map(({ result }) => result.settings.find((setting) => setting.name === name)?.value)
    }))
    return this.hidesEqual ? lines.filter(({ values }) => values.some((value) => value !== values[0])) : lines
  })
  /** Runs that differ by their seed alone. */
  readonly seeds = $derived.by((): readonly SeedGroup[] => seedGroups(this.runs.value ?? []))

  constructor(api: Pick<Api, 'runs' | 'compare'>, ids: readonly RunId[]) {
    this.#colours = runColours(ids)
    this.runs = new Resource(() => Promise.all(ids.map((id) => compared(api.runs, id))))
    this.comparison = new Resource(() => api.compare.tests(ids))
  }

  async load(): Promise<void> {
    await Promise.all([this.runs.load(), this.comparison.load()])
  }

  colourOf(id: RunId): number {
    return this.#colours.get(id) ?? 0
  }

  /** `A`: how a run is called in tables and sentences. */
  letterOf(id: RunId): string {
    const index = (this.runs.value ?? []).findIndex(({ summary }) => summary.id === id)
    return String.fromCharCode(65 + Math.max(0, index))
  }

  /** A metric's title as main writes it, without what stands in brackets. */
  titleOf(metric: string): string {
    return this.metrics.find(({ id }) => id === metric)?.name.replace(/ \(.*\)$/, '') ?? metric
  }
}

async function compared(api: Api['runs'], id: RunId): Promise<Compared> {
  const [summary, result, curves] = await Promise.all([api.get(id), api.result(id), api.curves(id)])
  return { summary, result, curves }
}
