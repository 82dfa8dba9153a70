import type { ProjectId } from '../../../../preload/contract/common.ts'
import type { ProjectSummary } from '../../../../preload/contract/projects.ts'
import { words } from '../../lib/words/index.ts'
import type { AppState } from '../../state/app.svelte.ts'

const PURPOSES = ['unsaid', 'research', 'inside', 'commercial'] as const satisfies readonly ProjectSummary['purpose'][]

type App = Pick<AppState, 'api' | 'projects' | 'attempt' | 'tell'>

/** The list of projects, narrowed by what is typed, with one of them chosen. */
export class ProjectsState {
  query = $state('')
  #picked = $state.raw<string | null>(null)
  readonly #app: App
  readonly found = $derived.by((): readonly ProjectSummary[] => {
    const query = this.query.trim().toLowerCase()
    return (this.#app.projects.value ?? []).filter(({ name, note }) => `${name} ${note}`.toLowerCase().includes(query))
  })
  readonly picked = $derived.by(() => this.found.find(({ id }) => id === this.#picked))

  constructor(app: App, first: string | null = null) {
    this.#app = app
    this.#picked = first
  }

  pick(id: ProjectId): void {
    this.#picked = id
  }

  rename(id: ProjectId, name: string): Promise<boolean> {
    if (name.trim() === '') return Promise.resolve(false)
    return this.#app.attempt(() => this.#app.api.projects.rename({ id, name: name.trim() }))
  }

  note(id: ProjectId, text: string): Promise<boolean> {
    return this.#app.attempt(() => this.#app.api.projects.note({ id, text }))
  }

  /** A purpose that there is not is none of the list's. */
  setPurpose(id: ProjectId, value: string): Promise<boolean> {
    const purpose = PURPOSES.find((each) => each === value)
    if (purpose === undefined) return Promise.resolve(false)
    return this.#app.attempt(() => this.#app.api.projects.setPurpose({ id, purpose }))
  }

  async discard({ id, name }: ProjectSummary): Promise<void> {
    const { projects, record } = this.#app.api
    if (!(await this.#app.attempt(() => projects.discard(id)))) return
    this.#app.tell(words.projects.discarded(name), () => record.restore(id))
  }

  destroy(id: ProjectId): Promise<boolean> {
    return this.#app.attempt(() => this.#app.api.projects.destroyNow(id))
  }
}
