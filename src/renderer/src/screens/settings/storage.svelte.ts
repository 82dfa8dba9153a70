import type { StorageOverview, StorageProgress } from '../../../../preload/contract/storage.ts'
import type { FileHandle } from '../../../../preload/contract/common.ts'
import { Resource } from '../../lib/resource.svelte.ts'
import { words } from '../../lib/words/index.ts'
import type { AppState } from '../../state/app.svelte.ts'

type App = Pick<AppState, 'api' | 'attempt' | 'tell'>

/** Where everything is, and copying, moving and deleting it. */
export class StorageState {
  readonly overview: Resource<StorageOverview>
  #progress = $state.raw<StorageProgress | null>(null)
  readonly #app: App

  constructor(app: App) {
    this.#app = app
    this.overview = new Resource(() => app.api.storage.overview())
  }

  /** What is under way, also where it was begun before this screen was opened. */
  readonly task = $derived.by(() => this.#progress ?? this.overview.value?.task ?? null)

  /** Whether it can still be called off: not while the data are being closed, deleted or opened again. A move copies only once they are closed. */
  readonly canCancel = $derived.by(() => {
    const { task, phase } = this.task ?? { task: null, phase: 'opening' }
    return phase === 'copying' || phase === 'verifying' || phase === 'checking' || (task === 'move' && phase === 'closing')
  })

  /** Reads it and hears of what is under way. Returns the function that stops it. */
  follow(): () => void {
    void this.overview.load()
    const { storage } = this.#app.api
    const stops = [
      storage.on('progress', (progress) => (this.#progress = progress)),
      storage.on('reopened', () => void this.overview.load())
    ]
    return () => stops.forEach((stop) => stop())
  }

  async emptyCaches(): Promise<void> {
    if (await this.#app.attempt(() => this.#app.api.storage.emptyCaches())) this.#app.tell(words.storage.emptied)
    await this.overview.load()
  }

  /** `gigabytes`: what was typed; nothing takes the limit away. */
  async setBudget(gigabytes: string): Promise<void> {
    const number = Number(gigabytes)
    const bytes = gigabytes.trim() === '' || !(number > 0) ? null : Math.round(number * 1e9)
    await this.#app.attempt(() => this.#app.api.storage.setBudget({ bytes }))
    await this.overview.load()
  }

  /** Beside the data folder, or where the person chooses. */
  async backUp(isElsewhere: boolean): Promise<void> {
    const to = isElsewhere ? await this.#choose() : null
    if (isElsewhere && to === null) return
    await this.#work(async () => {
      const { bytes } = await this.#app.api.storage.backUp({ to })
      this.#app.tell(words.storage.backedUp(bytes))
    })
  }

  /** `backup`: one of those listed; null asks for a folder. */
  async restore(backup: string | null): Promise<void> {
    const from = backup === null ? await this.#choose() : null
    if (backup === null && from === null) return
    await this.#work(async () => {
      await this.#app.api.storage.restore(backup !== null ? { backup } : { from: from as FileHandle }) // One of the two is there.
      this.#app.tell(words.storage.restored)
    })
  }

  async move(): Promise<void> {
    const to = await this.#choose()
    if (to === null) return
    await this.#work(async () => {
      await this.#app.api.storage.move({ to })
      this.#app.tell(words.storage.moved)
    })
  }

  async deleteAll(confirmed: string): Promise<void> {
    await this.#work(async () => {
      await this.#app.api.storage.deleteAll({ confirmed })
      this.#app.tell(words.storage.deleted)
    })
  }

  async cancel(): Promise<void> {
    await this.#app.attempt(() => this.#app.api.storage.cancel())
  }

  async remove(kind: 'backup' | 'aside', id: string): Promise<void> {
    const { storage } = this.#app.api
    await this.#app.attempt(() => (kind === 'backup' ? storage.removeBackup(id) : storage.removeAside(id)))
    await this.overview.load()
  }

  #choose(): Promise<FileHandle | null> {
    return this.#app.api.choose('folder')
  }

  async #work(work: () => Promise<void>): Promise<void> {
    await this.#app.attempt(work)
    this.#progress = null
    await this.overview.load()
  }
}
