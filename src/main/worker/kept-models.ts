import type { Runtime } from '../engine/runtime/port.ts'
import { SharingRuntime } from '../engine/runtime/sharing.ts'
import { folderStamp } from './folder-stamp.ts'
import { MODEL_SO_FAR } from './run-model.ts'
import { openAnswering, type AnsweringInput, type AnsweringModel, type OpenedModel } from './open-answering.ts'
import { openBaseFolder, type OpenedBase } from './trained-run.ts'

export interface KeptModelsOptions {
  readonly openRuntime: (threads: number) => Promise<Runtime>
  readonly input: Pick<AnsweringInput, 'cacheFolderOf' | 'keptIn' | 'signal' | 'emit'>
}

/** Models that stay open, and the bytes that they may hold beside mapped weights: the adapters that a person tries in turn. */
const MOST_MODELS = 4
const MOST_BYTES = 256 * 2 ** 20

/** Which runs may be opened, as in `AnsweringInput`. */
export type Openable = Required<Pick<AnsweringInput, 'mayBeUnfinished' | 'takesPassages' | 'takesQuestions'>>

interface Kept {
  readonly folder: string
  /** Who marks passages or answers questions is not lent to whoever asks for something else. */
  readonly what: Openable
  /** What its folder and that of its base model were like when it was opened. */
  readonly stamp: string
  readonly baseStamp: string
  readonly opened: OpenedModel
}

const isLike = (one: Openable, other: Openable): boolean =>
  one.takesPassages === other.takesPassages && one.takesQuestions === other.takesQuestions

/**
 * Models that were asked and may be asked again. Those on one base model share what was read of it, and its session where their graphs are equal; the
 * weights of the base are mapped once in any case. Whatever changed on the disk since is opened anew.
 */
export class KeptModels {
  readonly #options: KeptModelsOptions
  /** The last asked stands at the end. */
  #kept: Kept[] = []
  #runtime: Runtime | null = null
  readonly #bases = new Map<string, { readonly stamp: string; readonly opened: OpenedBase }>()

  constructor(options: KeptModelsOptions) {
    this.#options = options
  }

  /** Lends the model of a run or an export to `work`. @throws InputError where it cannot be opened */
  async with<T>(folder: string, what: Openable, work: (model: AnsweringModel) => Promise<T>): Promise<T> {
    // Taken before: what changes while it is opened is seen the next time.
    const stamp = await folderStamp(folder)
    if (stamp.includes(MODEL_SO_FAR)) return this.#once(folder, what, work)
    const kept = (await this.#current(folder, what, stamp)) ?? (await this.#open(folder, what, stamp))
    this.#kept = [...this.#kept.filter((each) => each !== kept), kept]
    await this.#trim()
    return work(kept.opened.model)
  }

  async dispose(): Promise<void> {
    for (const kept of this.#kept.splice(0)) await kept.opened.dispose()
    this.#bases.clear()
    const runtime = this.#runtime
    this.#runtime = null
    await runtime?.dispose()
  }

  /** The model of a folder where nothing of it changed since it was opened. */
  async #current(folder: string, what: Openable, stamp: string): Promise<Kept | null> {
    const kept = this.#kept.find((each) => each.folder === folder && isLike(each.what, what))
    if (!kept) return null
    const { base } = kept.opened
    if (kept.stamp === stamp && (base === null || kept.baseStamp === (await folderStamp(base)))) return kept
    await this.#close(kept)
    return null
  }

  async #open(folder: string, what: Openable, stamp: string): Promise<Kept> {
    const opened = await openAnswering(
      { ...this.#inputOf(folder), ...what, mayBeUnfinished: false },
      (threads) => this.#runtimeOf(threads),
      (base) => this.#baseOf(base)
    )
    const baseStamp = opened.base === null ? '' : (this.#bases.get(opened.base)?.stamp ?? '')
    return { folder, what, stamp, baseStamp, opened }
  }

  /** A run that is not at its end changes from one minute to the next. */
  async #once<T>(folder: string, what: Openable, work: (model: AnsweringModel) => Promise<T>): Promise<T> {
    const opened = await openAnswering(
      { ...this.#inputOf(folder), ...what },
      (threads) => this.#runtimeOf(threads),
      (base) => this.#baseOf(base)
    )
    try {
      return await work(opened.model)
    } finally {
      await opened.dispose()
    }
  }

  #inputOf(folder: string): AnsweringInput {
    return { ...this.#options.input, folder }
  }

  /** One runtime for all: who was trained with another number of threads begins anew, since sums are rounded by it. */
  async #runtimeOf(threads: number): Promise<Runtime> {
    if (this.#runtime?.threads === threads) return this.#runtime
    await this.dispose()
    this.#runtime = new SharingRuntime(await this.#options.openRuntime(threads))
    return this.#runtime
  }

  async #baseOf(folder: string): Promise<OpenedBase> {
    const stamp = await folderStamp(folder)
    const known = this.#bases.get(folder)
    if (known?.stamp === stamp) return known.opened
    const opened = await openBaseFolder(folder)
    this.#bases.set(folder, { stamp, opened })
    return opened
  }

  async #trim(): Promise<void> {
    const sizes = (): number => this.#kept.reduce((sum, { opened }) => sum + opened.bytes, 0)
    while (this.#kept.length > 1 && (this.#kept.length > MOST_MODELS || sizes() > MOST_BYTES)) {
      const [oldest] = this.#kept
      if (oldest) await this.#close(oldest)
    }
    const used = new Set(this.#kept.map(({ opened }) => opened.base))
    for (const folder of this.#bases.keys()) if (!used.has(folder)) this.#bases.delete(folder)
  }

  async #close(kept: Kept): Promise<void> {
    this.#kept = this.#kept.filter((each) => each !== kept)
    await kept.opened.dispose()
  }
}
