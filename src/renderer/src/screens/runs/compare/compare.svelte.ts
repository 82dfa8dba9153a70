import type { Measured, RunId, SettingValue } from '../../../../../preload/contract/common.ts'
import type { Curves, RunResult, RunSummary } from '../../../../../preload/contract/runs.ts'
import type { Api } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'

export interface Compared {
  readonly summary: RunSummary
  readonly result: RunResult
  readonly curves: Curves
}

interface Line<T> {
  readonly name: string
  /** By the compared runs; undefined is unset, which is neither false nor 0. */
  readonly values: readonly T[]
}

/** Two to six finished runs side by side. */
export class CompareState {
  readonly runs: Resource<readonly Compared[]>
  hidesEqual = $state(true)
  readonly metrics = $derived.by((): readonly Line<Measured | null>[] => {
    const all = this.runs.value ?? []
    const titles = new Map(all.flatMap(({ result }) => result.metrics.map(({ id, title }) => [id, title] as const)))
    return [...titles].map(([id, name]) => ({
      name,
      values: all.map(({ result }) => result.metrics.find((metric) => metric.id === id)?.model ?? null)
    }))
  })
  readonly settings = $derived.by((): readonly Line<SettingValue | undefined>[] => {
    const all = this.runs.value ?? []
    const names = new Set(all.flatMap(({ result }) => result.settings.map(({ name }) => name)))
    const lines = [...names].map((name) => ({
      name,
      values: all.map(({ result }) => result.settings.find((setting) => setting.name === name)?.value)
    }))
    return this.hidesEqual ? lines.filter(({ values }) => values.some((value) => value !== values[0])) : lines
  })
  /** Numbers from different data must not be set side by side. */
  readonly isSameData = $derived.by(() => {
    const all = this.runs.value ?? []
    const [first] = all
    return all.every(({ summary, result }) => summary.dataset.id === first?.summary.dataset.id && result.testRows === first.result.testRows)
  })

  constructor(api: Api['runs'], ids: readonly RunId[]) {
    this.runs = new Resource(() => Promise.all(ids.map((id) => compared(api, id))))
  }
}

async function compared(api: Api['runs'], id: RunId): Promise<Compared> {
  const [summary, result, curves] = await Promise.all([api.get(id), api.result(id), api.curves(id)])
  return { summary, result, curves }
}
