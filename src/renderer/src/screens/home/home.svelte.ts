import type { Roles } from '../../../../preload/contract/data.ts'
import type { ProjectSummary } from '../../../../preload/contract/projects.ts'
import type { RunSummary } from '../../../../preload/contract/runs.ts'
import { hrefTo } from '../../router.svelte.ts'
import type { AppState } from '../../state/app.svelte.ts'
import { isActive } from '../../state/app.svelte.ts'

interface Continued {
  readonly project: ProjectSummary
  readonly run: RunSummary | undefined
  readonly href: string
}

/** What Home offers: the tiles, what to go on with, the practice data. */
export class HomeState {
  readonly #app: Pick<AppState, 'samples' | 'projects' | 'datasets' | 'runs' | 'models' | 'intake' | 'router'>
  /** Projects to go on with, each with its run at work or else its newest: those at work first. */
  readonly continued = $derived.by((): readonly Continued[] => {
    const runs = this.#app.runs.value ?? []
    const all = (this.#app.projects.value ?? []).map((project): Continued => {
      const own = runs.filter((run) => run.project === project.id)
      const run = own.find(isActive) ?? own[0]
      const href = run
        ? hrefTo('runs', run.id)
        : hrefTo('data', ...(project.latestDataset === null ? [] : [project.latestDataset]))
      return { project, run, href }
    })
    const atWork = ({ run }: Continued): boolean => run !== undefined && isActive(run)
    return [...all.filter(atWork), ...all.filter((one) => !atWork(one))].slice(0, 5)
  })
  /** The newest run that something cut short which nobody asked for. */
  readonly cutShort = $derived.by(() =>
    (this.#app.runs.value ?? []).find(
      ({ state, interruption }) => state === 'stopped' && interruption !== null && interruption !== 'poorer'
    )
  )
  readonly isNew = $derived.by(() => this.continued.length === 0)
  readonly modelCounts = $derived.by(() => {
    const ready = (this.#app.models.value ?? []).filter(({ state }) => state === 'ready')
    const practice = ready.filter(({ bundled }) => bundled).length
    return { practice, own: ready.length - practice }
  })
  readonly hasNoModel = $derived.by(
    () => this.#app.models.value !== undefined && this.modelCounts.own + this.modelCounts.practice === 0
  )

  constructor(app: Pick<AppState, 'samples' | 'projects' | 'datasets' | 'runs' | 'models' | 'intake' | 'router'>) {
    this.#app = app
  }

  /** Opens a tile: the person's own data where there are some for it, else the practice data. */
  async begin(task: Roles['task']): Promise<void> {
    const own = (this.#app.datasets.value ?? []).filter(({ sample, roles }) => sample === null && roles.task === task)
    if (own.length > 0) return this.#app.router.go(hrefTo('data'))
    const { samples } = this.#app
    if (samples.value === undefined) await samples.load()
    const sample = samples.value?.find((one) => one.task === task)
    if (sample) await this.#app.intake.sample(sample.id)
  }
}
