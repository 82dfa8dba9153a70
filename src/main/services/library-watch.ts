import { watch, type FSWatcher } from 'node:fs'
import { mkdir } from 'node:fs/promises'

export interface LibraryWatchOptions {
  readonly folders: readonly string[]
  /** Looks again; resolves to whether what it saw is whole. */
  readonly look: () => Promise<boolean>
  /** Told of what went wrong while looking. */
  readonly log: (line: string) => void
  /** Milliseconds of quiet before a look. */
  readonly quiet?: number
}

/** What a command imports changes its folder a few times within a moment. */
const QUIET = 1000
/** Looks at something that is not whole; by then whoever made it was cut short. */
const MOST_LOOKS = 10

/** Notices what a command brings into the library while a window is open: by the news of the file system, with a look once they have ceased. */
export class LibraryWatch {
  readonly #options: LibraryWatchOptions
  readonly #watchers: FSWatcher[] = []
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> = Promise.resolve()
  #isClosed = false

  private constructor(options: LibraryWatchOptions) {
    this.#options = options
  }

  static async open(options: LibraryWatchOptions): Promise<LibraryWatch> {
    const own = new LibraryWatch(options)
    for (const folder of options.folders) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const watcher = watch(folder, { persistent: false }, () => own.#soon(0))
      // A folder that is deleted with everything else has nothing more to tell.
      watcher.on('error', () => watcher.close())
      own.#watchers.push(watcher)
    }
    return own
  }

  async dispose(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    for (const watcher of this.#watchers) watcher.close()
    await this.#looking
  }

  #soon(looks: number): void {
    if (this.#isClosed) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#looking = this.#looking.then(() => this.#look(looks + 1))
    }, this.#options.quiet ?? QUIET)
    this.#timer.unref()
  }

  async #look(looks: number): Promise<void> {
    if (this.#isClosed) return
    try {
      const isWhole = await this.#options.look()
      if (!isWhole && looks < MOST_LOOKS) this.#soon(looks)
    } catch (error) {
      this.#options.log(`The library could not be read again: ${String(error)}`)
    }
  }
}
