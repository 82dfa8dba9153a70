import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { AdapterCandidate, ImportedAdapter, PossibleBase } from '../../preload/contract/adapters.ts'
import type { AdapterId, ModelId } from '../../preload/contract/common.ts'
import type { ModelSummary } from '../../preload/contract/models.ts'
import { InputError } from '../base/errors.ts'
import { isNamed, missingBase, noBase, type LookedAdapter } from './adapter-base.ts'
import { readNote, writeNote, type Note } from './adapter-note.ts'

/** What the trainer made of it. */
export interface MadeAdapter {
  readonly layers: number
  readonly class_names: readonly string[]
  readonly problem: string
  /** What its signed papers say of its making, where they count. */
  readonly made: ImportedAdapter['made']
}

interface Given {
  readonly path: string
  readonly name: string
}

export interface Wanted {
  readonly model: ModelId
  readonly classNames: readonly string[]
  readonly isMultiLabel: boolean
  /** Whether it is refused on any model but the one that its signed papers name. */
  readonly isBound?: boolean
}

export interface FoundBase {
  readonly model: { readonly id: ModelId; readonly name: string } | null
  readonly problem: string | null
}

/** The models that adapters may belong to. */
export interface AdapterModels {
  readonly list: () => Promise<readonly Pick<ModelSummary, 'id' | 'name' | 'state' | 'problem'>[]>
  /** Throws an InputError where the model cannot be used now. */
  readonly folderOf: (id: string) => Promise<string>
}

export interface AdaptersOptions {
  /** Each imported adapter has a folder of its own in it. */
  readonly folder: string
  /** Folders that a page brought lie below this one. */
  readonly quarantine: string
  readonly models: AdapterModels
  readonly look: (folder: string, models: readonly { readonly id: string; readonly folder: string }[]) => Promise<LookedAdapter>
  readonly make: (request: {
    readonly folder: string
    readonly modelFolder: string
    readonly labels: readonly string[]
    readonly isMultiLabel: boolean
    readonly outFolder: string
    readonly isBound: boolean
    readonly createdAt: string
  }) => Promise<MadeAdapter>
  /** ISO 8601. */
  readonly now: () => string
}

/** Adapters that were made elsewhere: copied, each with what answers with it beside. They are known by their folders alone. */
export class Adapters {
  readonly #options: AdaptersOptions
  #isBusy = false

  constructor(options: AdaptersOptions) {
    this.#options = options
  }

  /** What a folder holds, put to every model that is at hand; null where it is no adapter's. */
  async look({ path, name }: Given): Promise<AdapterCandidate | null> {
    if (!(await isFile(join(path, 'adapter_config.json')))) return null
    const looked = await this.#look(path)
    const names = new Map((await this.#options.models.list()).map((model) => [model.id as string, model.name]))
    const { base_name: baseName, rank, bytes, licence, problem } = looked
    const bases = looked.fits.map(({ id, labels, class_names: classNames, changed }): PossibleBase => {
      const modelName = names.get(id) ?? ''
      const isIts = looked.papers === null ? isNamed(baseName, modelName) : changed === null
      return { model: id as ModelId, name: modelName, isNamed: isIts, labels, classNames } // Asked by its id.
    })
    return {
      name,
      baseName,
      rank,
      bytes,
      licence,
      ...answersBy(problem),
      isMultiLabel: problem === null ? null : problem === 'multi_label_classification',
      bases: bases.toSorted((a, b) => Number(b.isNamed) - Number(a.isNamed)),
      problem: bases.length > 0 ? null : noBase(looked, names)
    }
  }

  /** Throws an InputError where it does not fit the model or its classes are not all named. */
  async bring({ path, name }: Given, wanted: Wanted): Promise<{ adapter: ImportedAdapter; isKnown: boolean }> {
    if (this.#isBusy) throw new InputError('library-busy', 'Another model is being read. Wait for it, or stop it.')
    this.#isBusy = true
    try {
      const looked = await this.#look(path)
      // On another model, or with other names, it is another one.
      const papers = looked.papers === null ? [] : [looked.papers.sha256]
      const key = JSON.stringify([looked.sha256, wanted.model, wanted.classNames, wanted.isMultiLabel, ...papers])
      const id = `a-${createHash('sha256').update(key).digest('hex').slice(0, 20)}` as AdapterId // Minted here.
      const known = await this.#note(id)
      if (known) return { adapter: await this.#withProblem(known), isKnown: true }
      return { adapter: await this.#make(id, { path, name }, wanted, looked), isKnown: false }
    } finally {
      this.#isBusy = false
      // What a page brought has been copied, or is not wanted.
      if (path.startsWith(this.#options.quarantine)) await rm(path, { recursive: true, force: true })
    }
  }

  /** The one model that an adapter with signed papers was made from, or why it is not at hand, one sentence. */
  async baseOf(path: string): Promise<FoundBase> {
    const looked = await this.#look(path)
    const all = await this.#options.models.list()
    const exact = looked.papers && looked.fits.find(({ changed }) => changed === null)
    const model = exact && all.find(({ id }) => id === exact.id)
    if (model) return { model: { id: model.id, name: model.name }, problem: null }
    return { model: null, problem: missingBase(looked, all) }
  }

  /** By name. */
  async list(): Promise<readonly ImportedAdapter[]> {
    const ids = (await readdir(this.#options.folder).catch((): string[] => [])).filter((name) => name.startsWith('a-'))
    const notes = await Promise.all(ids.map((id) => this.#note(id)))
    const listed = await Promise.all(notes.filter((note) => note !== null).map((note) => this.#withProblem(note)))
    return listed.toSorted((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1))
  }

  /** Whether every folder has its note: where one lacks it, a command is at work, or was cut short. */
  async isSettled(): Promise<boolean> {
    const ids = (await readdir(this.#options.folder).catch((): string[] => [])).filter((name) => name.startsWith('a-'))
    return (await Promise.all(ids.map((id) => this.#note(id)))).every((note) => note !== null)
  }

  async get(id: string): Promise<ImportedAdapter> {
    const note = await this.#note(id)
    if (note) return this.#withProblem(note)
    throw new InputError('adapter-gone', 'This adapter is no longer in the library. Import its folder again.')
  }

  /** The folder that answers with it. Throws an InputError where it cannot now. */
  async folderOf(id: string): Promise<string> {
    const { problem } = await this.get(id)
    if (problem !== null) throw new InputError('adapter-unusable', problem)
    return join(this.#options.folder, id)
  }

  async remove(id: AdapterId): Promise<void> {
    await this.get(id)
    await rm(join(this.#options.folder, id), { recursive: true, force: true })
  }

  async #look(path: string): Promise<LookedAdapter> {
    const { models, look } = this.#options
    const ready = (await models.list()).filter(({ state }) => state === 'ready')
    return look(path, await Promise.all(ready.map(async ({ id }) => ({ id, folder: await models.folderOf(id) }))))
  }

  async #make(id: AdapterId, { path, name }: Given, wanted: Wanted, looked: LookedAdapter): Promise<ImportedAdapter> {
    const { folder, models, make, now } = this.#options
    const { model, classNames: labels, isMultiLabel, isBound = false } = wanted
    const listed = (await models.list()).find((each) => each.id === model)
    const modelFolder = await models.folderOf(model)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const outFolder = join(folder, id)
    // Left by one that was cut short: without its note nothing lists it.
    await rm(outFolder, { recursive: true, force: true })
    const addedAt = now()
    const made = await make({ folder: path, modelFolder, labels, isMultiLabel, isBound, outFolder, createdAt: addedAt })
    const { rank, licence, bytes, sha256 } = looked
    const facts = { rank, licence, bytes, sha256, layers: made.layers, classNames: made.class_names }
    const isMulti = made.problem === 'multi_label_classification'
    const note: Note = {
      id,
      name,
      model: { id: model, name: listed?.name ?? '' },
      ...facts,
      isMultiLabel: isMulti,
      ...answersBy(made.problem),
      addedAt,
      made: made.made
    }
    await writeNote(outFolder, note)
    return this.#withProblem(note)
  }

  async #note(id: string): Promise<Note | null> {
    const note = await readNote(join(this.#options.folder, id))
    return note?.id === id ? note : null
  }

  async #withProblem(note: Note): Promise<ImportedAdapter> {
    const model = (await this.#options.models.list()).find(({ id }) => id === note.model.id)
    if (model?.state === 'ready') return { ...note, problem: null }
    const why = model ? model.problem : null
    const problem = why ?? `Its model, ${note.model.name}, is no longer in the library. Import that model again.`
    return { ...note, problem }
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false
  )

/** What an adapter answers with, where that is no class or number. */
function answersBy(problem: string | null): Pick<AdapterCandidate, 'answers'> {
  if (problem === 'token-classification') return { answers: 'passages' }
  return problem === 'question-answering' ? { answers: 'questions' } : {}
}
