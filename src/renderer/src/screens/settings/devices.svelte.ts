import type { DeviceId, DeviceTable } from '../../../../preload/contract/devices.ts'
import { attuneError, type AttuneError } from '../../lib/api.ts'
import { Resource } from '../../lib/resource.svelte.ts'
import { words } from '../../lib/words/index.ts'
import type { AppState } from '../../state/app.svelte.ts'

/** Parts of the page that ask for something. */
type Place = 'test' | 'pack' | 'grid'

type App = Pick<AppState, 'api' | 'facts' | 'tell'>

/** What can compute here: trying it, the CUDA pack, and what electricity costs in CO2e. */
export class DevicesState {
  readonly table: Resource<DeviceTable>
  readonly #app: App
  #trying = $state<DeviceId | null>(null)
  #adding = $state.raw<{ readonly done: number; readonly total: number } | null>(null)
  #isChanging = $state(false)
  #failure = $state.raw<AttuneError | null>(null)
  #place = $state<Place>('test')

  constructor(app: App) {
    this.#app = app
    this.table = new Resource(() => app.api.devices.table())
  }

  /** The device that is being tried. */
  get trying(): DeviceId | null {
    return this.#trying
  }

  /** How far a pack has been copied; null while none is. */
  get adding(): { readonly done: number; readonly total: number } | null {
    return this.#adding
  }

  get isBusy(): boolean {
    return this.#trying !== null || this.#isChanging
  }

  /** What the last thing asked for failed with, where it was asked. */
  failureOf(place: Place): AttuneError | null {
    return this.#place === place ? this.#failure : null
  }

  /** Reads the table and hears how a pack comes along. Returns the function that stops it. */
  follow(): () => void {
    void this.table.load()
    return this.#app.api.devices.on('adding', (news) => (this.#adding = news))
  }

  async tryAll(): Promise<void> {
    for (const { id } of this.table.value?.devices ?? []) {
      await this.try(id)
      if (this.#failure) return
    }
  }

  try(id: DeviceId): Promise<void> {
    return this.#change('test', async () => {
      this.#trying = id
      return this.#app.api.devices.test(id)
    })
  }

  addPack(): Promise<void> {
    return this.#change('pack', async () => {
      const folder = await this.#app.api.choose('cuda-folder')
      if (folder === null) return null
      this.#adding = { done: 0, total: 3 }
      const table = await this.#app.api.devices.addPack(folder)
      this.#app.tell(words.devices.packIsAdded)
      return table
    })
  }

  removePack(): Promise<void> {
    return this.#change('pack', async () => {
      const table = await this.#app.api.devices.removePack()
      this.#app.tell(words.devices.packIsRemoved)
      return table
    })
  }

  /** Null where nothing was entered. */
  setGrid(grams: number | null): Promise<void> {
    return this.#change('grid', () => this.#app.api.devices.setGridIntensity({ grams }))
  }

  async #change(place: Place, change: () => Promise<DeviceTable | null>): Promise<void> {
    if (this.isBusy) return
    this.#place = place
    this.#isChanging = true
    this.#failure = null
    try {
      const table = await change()
      if (table === null) return
      this.table.set(table)
      // The bar at the top names what the automatic choice takes.
      await this.#app.facts.load()
    } catch (thrown) {
      this.#failure = attuneError(thrown)
    } finally {
      this.#isChanging = false
      this.#trying = null
      this.#adding = null
    }
  }
}
