import type { BinEntry } from '../../../../preload/contract/record.ts'
import { Resource } from '../../lib/resource.svelte.ts'
import { words } from '../../lib/words/index.ts'
import type { AppState } from '../../state/app.svelte.ts'

type App = Pick<AppState, 'api' | 'attempt' | 'tell'>

/** What is in the bin, and what is done with it. */
export class BinState {
  readonly entries: Resource<readonly BinEntry[]>
  readonly #app: App

  constructor(app: App) {
    this.#app = app
    this.entries = new Resource(() => app.api.record.bin())
  }

  /** Reads it, and again whenever a project changes. Returns the function that stops it. */
  follow(): () => void {
    void this.entries.load()
    return this.#app.api.projects.on('changed', () => void this.entries.load())
  }

  async restore({ id, name }: BinEntry): Promise<void> {
    if (await this.#app.attempt(() => this.#app.api.record.restore(id))) this.#app.tell(words.bin.restored(name))
    await this.entries.load()
  }

  async destroy({ id }: BinEntry): Promise<void> {
    await this.#app.attempt(() => this.#app.api.record.destroy(id))
    await this.entries.load()
  }

  async empty(): Promise<void> {
    await this.#app.attempt(() => this.#app.api.record.emptyBin())
    await this.entries.load()
  }
}
