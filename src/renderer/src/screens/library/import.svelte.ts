import type { ImportedAdapter } from '../../../../preload/contract/adapters.ts'
import type { FileHandle } from '../../../../preload/contract/common.ts'
import type { LibraryEvents, ModelCandidate } from '../../../../preload/contract/library.ts'
import type { ModelSummary } from '../../../../preload/contract/models.ts'
import { attuneError, type Api, type AttuneError } from '../../lib/api.ts'
import { AdapterChoice } from './adapter-choice.svelte.ts'

type Place = 'referenced' | 'copied'
type Library = Pick<Api, 'library' | 'adapters' | 'choose' | 'folderOf'>

/** A model, or an adapter that belongs to one. */
export type Brought = BroughtModel | BroughtAdapter

interface BroughtAdapter {
  readonly adapter: ImportedAdapter
  readonly isKnown: boolean
}

interface BroughtModel {
  readonly model: ModelSummary
  readonly isKnown: boolean
}

/** A model's folder on its way into the library: looked at, asked about, hashed. */
export class ImportState {
  #step = $state.raw<'closed' | 'bringing' | 'looking' | 'asking' | 'hashing'>('closed')
  #candidate = $state.raw<ModelCandidate | null>(null)
  #adapter = $state.raw<AdapterChoice | null>(null)
  #progress = $state.raw<LibraryEvents['hashing'] | null>(null)
  #failure = $state.raw<AttuneError | null>(null)
  place = $state<Place>('referenced')
  #folder: FileHandle | null = null
  readonly #api: Library
  readonly #done: (brought: Brought) => void

  constructor(api: Library, done: (brought: Brought) => void) {
    this.#api = api
    this.#done = done
  }

  get step() {
    return this.#step
  }

  get candidate(): ModelCandidate | null {
    return this.#candidate
  }

  /** Set where the folder is an adapter's. */
  get adapter(): AdapterChoice | null {
    return this.#adapter
  }

  get progress(): LibraryEvents['hashing'] | null {
    return this.#progress
  }

  get failure(): AttuneError | null {
    return this.#failure
  }

  follow(): () => void {
    return this.#api.library.on('hashing', (progress) => {
      if (this.#step === 'hashing') this.#progress = progress
    })
  }

  async choose(): Promise<void> {
    await this.#look(() => this.#api.choose('model-folder'))
  }

  async drop(folder: File, contents: () => Promise<readonly File[]>): Promise<void> {
    await this.#look(() => this.#api.folderOf(folder, contents))
  }

  async bring(): Promise<void> {
    const folder = this.#folder
    if (folder === null || this.#step !== 'asking') return
    this.#step = 'hashing'
    this.#failure = null
    try {
      const brought = await this.#bring(folder)
      this.close()
      this.#done(brought)
    } catch (thrown) {
      const failure = attuneError(thrown)
      this.#step = 'asking'
      if (failure.code === 'stopped') this.close()
      else this.#failure = failure
    } finally {
      this.#progress = null
    }
  }

  /** Leaves this folder and asks for another. */
  async again(): Promise<void> {
    this.close()
    await this.choose()
  }

  async stop(): Promise<void> {
    if (this.#step === 'hashing') await this.#api.library.stop()
    else this.close()
  }

  close(): void {
    this.#step = 'closed'
    this.#candidate = null
    this.#adapter = null
    this.#failure = null
    this.#folder = null
  }

  #bring(folder: FileHandle): Promise<Brought> {
    const { base, names = [], isMultiLabel = false } = this.#adapter ?? {}
    if (!base) return this.#api.library.bring({ folder, place: this.place })
    return this.#api.adapters.bring({ folder, model: base.model, classNames: names, isMultiLabel })
  }

  async #look(find: () => Promise<FileHandle | null>): Promise<void> {
    if (this.#step !== 'closed') return
    this.#step = 'bringing'
    try {
      this.#folder = await find()
      if (this.#folder === null) return this.close()
      this.#step = 'looking'
      const adapter = await this.#api.adapters.look(this.#folder)
      if (adapter) {
        this.#adapter = new AdapterChoice(adapter)
        this.#step = 'asking'
        return
      }
      this.#candidate = await this.#api.library.look(this.#folder)
      this.place = this.#candidate.mustCopy === null ? 'referenced' : 'copied'
    } catch (thrown) {
      this.#failure = attuneError(thrown)
    }
    this.#step = 'asking'
  }
}
