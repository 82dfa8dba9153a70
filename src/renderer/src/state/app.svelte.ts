import { createContext } from 'svelte'
import type { ImportedAdapter } from '../../../preload/contract/adapters.ts'
import type { AppFacts, PrivacyCheck } from '../../../preload/contract/app.ts'
import type { AdapterId, DatasetId, ModelId } from '../../../preload/contract/common.ts'
import type { DatasetSummary, PracticeData } from '../../../preload/contract/data.ts'
import type { ModelDetails } from '../../../preload/contract/library.ts'
import type { ModelSummary } from '../../../preload/contract/models.ts'
import type { KeptPack } from '../../../preload/contract/packs.ts'
import type { ProjectSummary } from '../../../preload/contract/projects.ts'
import type { RunDraft, RunSummary } from '../../../preload/contract/runs.ts'
import type { ServingStatus } from '../../../preload/contract/serving.ts'
import { attuneError, type Api, type AttuneError } from '../lib/api.ts'
import { words } from '../lib/words/index.ts'
import { Resource } from '../lib/resource.svelte.ts'
import { hrefTo, type Place, type Router } from '../router.svelte.ts'
import { Intake } from './intake.svelte.ts'
import { Packing } from './packing.svelte.ts'
import type { Preferences } from './preferences.svelte.ts'

export interface Notice {
  readonly id: number
  readonly text: string
  readonly error: AttuneError | null
  /** Takes back what the notice tells of; null where nothing can be. */
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
  /** What answers other programs of this PC; null where nothing does. */
  readonly serving: Resource<ServingStatus | null>
  /** Adapters that were made elsewhere. */
  readonly imported: Resource<readonly ImportedAdapter[]>
  /** The practice data, which never change. */
  readonly samples: Resource<readonly PracticeData[]>
  readonly intake: Intake
  readonly packing: Packing
  /** What was chosen on the Train screen, by its data; main keeps it for another day. */
  readonly drafts = new Map<string, RunDraft>()
  /** What was read of models: shown at once when a model is looked at again, while it is read anew. */
  readonly #details = new Map<ModelId, Resource<ModelDetails>>()
  #ownModel: ModelId | null = null
  #ownAdapter: AdapterId | null = null
  #notices = $state.raw<readonly Notice[]>([])
  #count = 0
  #undo: (() => Promise<void>) | null = null
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
    this.serving = new Resource(() => api.serving.status())
    this.imported = new Resource(() => api.adapters.list())
    this.samples = new Resource(() => api.data.samples())
    this.intake = new Intake(api, (dataset) => {
      void this.datasets.load()
      router.go(placeFor(dataset, router.place))
      void this.attempt(() => this.#tellLeftOut(dataset))
    })
    this.packing = new Packing(api, (kept) => this.#tellKept(kept))
  }

  /** The model that the person chose in the library to train, until the window closes. */
  get ownModel(): ModelId | null {
    return this.#ownModel
  }

  /** An adapter of that model that trainings start from, until the window closes. */
  get ownAdapter(): AdapterId | null {
    return this.#ownAdapter
  }

  /** Chooses a model for every training from here on, and goes to the Train screen. */
  trainWith(model: ModelId, adapter: AdapterId | null = null): void {
    this.#ownModel = model
    this.#ownAdapter = adapter
    for (const [dataset, draft] of this.drafts) this.drafts.set(dataset, { ...draft, model, adapter })
    this.router.go(hrefTo('train'))
  }

  detailsOf(model: ModelId): Resource<ModelDetails> {
    const details = this.#details.get(model) ?? new Resource(() => this.api.library.details(model))
    this.#details.set(model, details)
    return details
  }

  #tellKept(kept: KeptPack): void {
    const { isKnown } = kept
    if ('adapter' in kept) {
      const { name, id, model } = kept.adapter
      void this.imported.load()
      this.tell(isKnown ? words.adapters.importKnown(name) : words.packs.keptAdapter(name, model.name))
      this.router.go(hrefTo('library', 'adapters', id))
      return
    }
    const { name, id } = kept.model
    void this.models.load()
    this.tell(isKnown ? words.packs.known(name) : words.packs.kept(name))
    this.router.go(hrefTo('library', 'models', id))
  }

  get notices(): readonly Notice[] {
    return this.#notices
  }

  /** Reads the lists and keeps the runs current. Returns the function that stops it. */
  follow(): () => void {
    this.#readAll()
    const stops = [
      this.api.library.on('changed', () => {
        void this.models.load()
        void this.imported.load()
      }),
      this.api.storage.on('reopened', () => this.#readAll()),
      this.api.projects.on('changed', () => this.#reread()),
      this.api.runs.on('changed', (run) => this.#merge(run)),
      this.api.serving.on('changed', ({ status }) => this.#served(status)),
      this.api.runs.on('removed', ({ id }) => this.runs.set((this.runs.value ?? []).filter((run) => run.id !== id))),
      this.intake.follow(),
      this.packing.follow(),
      this.router.follow()
    ]
    return () => stops.forEach((stop) => stop())
  }

  /** The screen that opens may show something else first. */
  async #tellLeftOut({ id, sample }: DatasetSummary): Promise<void> {
    if (sample !== null) return
    const { total } = await this.api.intake.rejected({ id, from: 0, count: 0 })
    if (total > 0) this.tell(words.intake.leftOut(total))
  }

  #readAll(): void {
    const { facts, projects, datasets, runs, samples, privacy, imported, serving } = this
    for (const resource of [facts, projects, datasets, runs, samples, privacy, imported, serving]) void resource.load()
    void this.#readModels()
  }

  /** The library opens with the first model's details. */
  async #readModels(): Promise<void> {
    await this.models.load()
    const [first] = this.models.value ?? []
    if (first) await this.detailsOf(first.id).load()
  }

  /** What was discarded, put back or destroyed may be anything of a project. */
  #reread(): void {
    for (const resource of [this.projects, this.datasets, this.runs]) void resource.load()
  }

  /** What is promised of this program depends on whether it answers others. */
  #served(status: ServingStatus | null): void {
    const before = this.serving.value?.state
    this.serving.set(status)
    if (status?.state !== before) void this.privacy.load()
  }

  #merge(next: RunSummary): void {
    const known = this.runs.value ?? []
    const has = known.some((run) => run.id === next.id)
    this.runs.set(has ? known.map((run) => (run.id === next.id ? next : run)) : [next, ...known])
  }

  /** Tells of something; what can be taken back has a button, and Ctrl+Z. */
  tell(text: string, undo: (() => Promise<void>) | null = null): void {
    this.#show({ text, error: null, undo })
    if (undo) this.#undo = undo
  }

  /** Takes back the last thing that can be; once. */
  async undo(): Promise<boolean> {
    const undo = this.#undo
    if (!undo) return false
    this.#undo = null
    this.#notices = this.#notices.filter((notice) => notice.undo !== undo)
    return this.attempt(undo)
  }

  /** Goes to the version that `make` makes, in the view that is open, and offers to go back. */
  async revise(make: () => Promise<DatasetSummary>, before: DatasetId): Promise<boolean> {
    return this.attempt(async () => {
      const { rest } = this.router.place
      const made = await make()
      await this.datasets.load()
      this.router.go(hrefTo('data', made.id, ...rest.slice(1, 2)))
      this.tell(words.findings.fixed(made.note ?? ''), async () => {
        // Removed first, so that the list of versions is read without it.
        await this.api.data.remove(made.id)
        this.router.go(hrefTo('data', before, ...rest.slice(1)))
        await this.datasets.load()
        this.tell(words.findings.undone)
      })
    })
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
    if (notice.error === null) setTimeout(() => this.dismiss(id), notice.undo === null ? 4000 : 12_000)
  }
}

export const [getApp, setApp] = createContext<AppState>()
