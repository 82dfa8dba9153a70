import { createContext } from 'svelte'
import type { AppFacts, PrivacyCheck } from '../../../preload/contract/app.ts'
import type { DatasetSummary } from '../../../preload/contract/data.ts'
import type { ModelSummary } from '../../../preload/contract/models.ts'
import type { ProjectSummary } from '../../../preload/contract/projects.ts'
import type { RunDraft, RunSummary } from '../../../preload/contract/runs.ts'
import { attuneError, type Api, type AttuneError } from '../lib/api.ts'
import { Resource } from '../lib/resource.svelte.ts'
import { words } from '../lib/words/index.ts'
import { hrefTo, type Place, type Router } from '../router.svelte.ts'
import { Intake } from './intake.svelte.ts'
import type { Preferences } from './preferences.svelte.ts'

export interface Notice {
  readonly id: number
  readonly text: string
  readonly error: AttuneError | null
  /** Takes back what was done. */
  readonly undo: (() => Promise<void>) | null
}

const ACTIVE: readonly RunSummary['state'][] = ['queued', 'preparing', 'running', 'testing', 'paused']

export const isActive = ({ state }: RunSummary): boolean => ACTIVE.includes(state)

/** Where opened data are shown first: documents without answers where they are labelled, if that is what the person came for. */
function placeFor({ id, roles, columns }: DatasetSummary, { screen, rest }: Place): string {
  const isForLabels = (screen === 'data' && rest[0] === 'documents') || columns.some(({ name }) => name === 'file')
  return roles.answer === null && roles.text !== null && isForLabels ? hrefTo('data', id, 'label') : hrefTo('data', id)
}

/** What every screen shares: the way to main, where the person is, and the lists that several screens show. */
export class AppState {
  readonly api: Api
  readonly router: Router
  readonly preferences: Preferences
  readonly facts: Resource<AppFacts>
  readonly privacy: Resource<readonly PrivacyCheck[]>
  readonly projects: Resource<readonly ProjectSummary[]>
  readonly datasets: Resource<readonly DatasetSummary[]>
  readonly models: Resource<readonly ModelSummary[]>
  readonly runs: Resource<readonly RunSummary[]>
  readonly intake: Intake
  /** What was chosen on the Train screen, by its data, until the window closes. */
  readonly drafts = new Map<string, RunDraft>()
  #notices = $state.raw<readonly Notice[]>([])
  #count = 0
  readonly working = $derived.by(() => this.runs.value?.find((run) => isActive(run)))

  constructor(api: Api, router: Router, preferences: Preferences) {
    this.api = api
    this.router = router
    this.preferences = preferences
    this.facts = new Resource(() => api.app.facts())
    this.privacy = new Resource(() => api.app.privacy())
    this.projects = new Resource(() => api.projects.list())
    this.datasets = new Resource(() => api.data.list())
    this.models = new Resource(() => api.models.list())
    this.runs = new Resource(() => api.runs.list())
    this.intake = new Intake(api, (dataset) => {
      void this.datasets.load()
      router.go(placeFor(dataset, router.place))
    })
  }

  get notices(): readonly Notice[] {
    return this.#notices
  }

  /** Reads the lists and keeps the runs current. Returns the function that stops it. */
  follow(): () => void {
    for (const resource of [this.facts, this.projects, this.datasets, this.models, this.runs, this.privacy]) void resource.load()
    const stops = [
      this.api.projects.on('changed', () => this.#reread()),
      this.api.runs.on('changed', (run) => this.#merge(run)),
      this.api.runs.on('removed', ({ id }) => this.runs.set((this.runs.value ?? []).filter((run) => run.id !== id))),
      this.intake.follow(),
      this.router.follow(),
      this.preferences.follow()
    ]
    return () => stops.forEach((stop) => stop())
  }

  /** What was discarded, put back or destroyed may be anything of a project. */
  #reread(): void {
    for (const resource of [this.projects, this.datasets, this.runs]) void resource.load()
  }

  #merge(next: RunSummary): void {
    const known = this.runs.value ?? []
    const has = known.some((run) => run.id === next.id)
    this.runs.set(has ? known.map((run) => (run.id === next.id ? next : run)) : [next, ...known])
  }

  tell(text: string): void {
    this.#show({ text, error: null, undo: null })
  }

  /** Says what was done, and takes it back by the notice's button or by Ctrl+Z as long as the notice is there. */
  offerUndo(text: string, undo: () => Promise<void>): void {
    this.#show({ text, error: null, undo })
  }

  /** Takes back the newest thing that can be; false where there is none. */
  undoLast(): boolean {
    const last = this.#notices.findLast(({ undo }) => undo !== null)
    if (last) void this.undo(last)
    return last !== undefined
  }

  async undo({ id, undo }: Notice): Promise<void> {
    this.dismiss(id)
    if (undo && (await this.attempt(undo))) this.tell(words.common.undone)
  }

  dismiss(id: number): void {
    this.#notices = this.#notices.filter((notice) => notice.id !== id)
  }

  /** Does what a button asks; a failure becomes a notice. */
  async attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (thrown) {
      const error = attuneError(thrown)
      this.#show({ text: error.message, error, undo: null })
      return false
    }
  }

  #show(notice: Omit<Notice, 'id'>): void {
    const id = ++this.#count
    this.#notices = [...this.#notices.slice(-2), { ...notice, id }]
    if (notice.error === null) setTimeout(() => this.dismiss(id), notice.undo === null ? 4000 : 15_000)
  }
}

export const [getApp, setApp] = createContext<AppState>()
