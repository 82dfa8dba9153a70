import type { FileHandle } from '../../../preload/contract/common.ts'
import { attuneError, type AttuneError } from '../lib/api.ts'
import type { FolderPage, FolderSource } from '../lib/folders.ts'

/** The choice of a folder of the machine that Attune runs on: one question at a time. */
export class FolderPicker {
  #source = $state.raw<FolderSource | null>(null)
  #page = $state.raw<FolderPage | null>(null)
  #failure = $state.raw<AttuneError | null>(null)
  #answer: ((handle: FileHandle | null) => void) | undefined

  get source(): FolderSource | null {
    return this.#source
  }

  get page(): FolderPage | null {
    return this.#page
  }

  get failure(): AttuneError | null {
    return this.#failure
  }

  /** The folder above the one that is shown; null at the root. */
  get above(): string | null {
    return this.#page?.crumbs.at(-2)?.id ?? null
  }

  /** Opens the dialog; resolves to the handle of what was chosen, null where it was closed. */
  readonly ask = (source: FolderSource): Promise<FileHandle | null> => {
    this.#answer?.(null)
    this.#source = source
    this.#page = null
    void this.open(null)
    return new Promise((resolve) => (this.#answer = resolve))
  }

  open(folder: string | null): Promise<void> {
    return this.#show((source) => source.list(folder))
  }

  make(name: string): Promise<void> {
    const at = this.#page?.id
    return at === undefined ? Promise.resolve() : this.#show((source) => source.make(at, name))
  }

  async use(): Promise<void> {
    const at = this.#page?.id
    if (at !== undefined) await this.#settle((source) => source.choose(at))
  }

  async upload(): Promise<void> {
    await this.#settle(async (source) => (await source.upload?.()) ?? null)
  }

  close(): void {
    this.#source = null
    this.#failure = null
    this.#answer?.(null)
    this.#answer = undefined
  }

  async #show(read: (source: FolderSource) => Promise<FolderPage>): Promise<void> {
    const source = this.#source
    if (!source) return
    try {
      const page = await read(source)
      if (source !== this.#source) return
      this.#page = page
      this.#failure = null
    } catch (thrown) {
      this.#failure = attuneError(thrown)
    }
  }

  async #settle(choose: (source: FolderSource) => Promise<FileHandle | null>): Promise<void> {
    const source = this.#source
    if (!source) return
    try {
      const handle = await choose(source)
      if (handle === null || source !== this.#source) return
      this.#source = null
      this.#answer?.(handle)
      this.#answer = undefined
    } catch (thrown) {
      this.#failure = attuneError(thrown)
    }
  }
}
