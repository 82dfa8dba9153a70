import type { Roles } from '../../../../preload/contract/data.ts'
import type { RunSummary } from '../../../../preload/contract/runs.ts'
import { Resource } from '../../lib/resource.svelte.ts'
import { hrefTo } from '../../router.svelte.ts'
import type { AppState } from '../../state/app.svelte.ts'
import { isActive } from '../../state/app.svelte.ts'

/** What Home offers: the tiles, what to go on with, the practice data. */
export class HomeState {
  readonly samples
  readonly #app: Pick<AppState, 'api' | 'datasets' | 'runs' | 'models' | 'intake' | 'router'>
  /** Runs to go on with: those at work first, then the newest. */
  readonly runs = $derived.by((): readonly RunSummary[] => {
    const all = this.#app.runs.value ?? []
    return [...all.filter(isActive), ...all.filter((run) => !isActive(run))].slice(0, 5)
  })
  /** The newest run that something cut short which nobody asked for. */
  readonly cutShort = $derived.by(() =>
    (this.#app.runs.value ?? []).find(({ state, interruption }) => state === 'stopped' && interruption !== null)
  )
  readonly own = $derived.by(() => (this.#app.datasets.value ?? []).filter(({ sample }) => sample === null).slice(0, 3))
  readonly isNew = $derived.by(() => this.runs.length === 0 && this.own.length === 0)
  readonly modelCounts = $derived.by(() => {
    const ready = (this.#app.models.value ?? []).filter(({ state }) => state === 'ready')
    const practice = ready.filter(({ bundled }) => bundled).length
    return { practice, own: ready.length - practice }
  })

  constructor(app: Pick<AppState, 'api' | 'datasets' | 'runs' | 'models' | 'intake' | 'router'>) {
    this.#app = app
    this.samples = new Resource(() => app.api.data.samples())
  }

  /** Opens a tile: the person's own data where there are some for it, else the practice data. */
  async begin(task: Roles['task']): Promise<void> {
    const own = (this.#app.datasets.value ?? []).filter(({ sample, roles }) => sample === null && roles.task === task)
    if (own.length > 0) return this.#app.router.go(hrefTo('data'))
    if (this.samples.value === undefined) await this.samples.load()
    const sample = this.samples.value?.find((one) => one.task === task)
    if (sample) await this.#app.intake.sample(sample.id)
  }
}
