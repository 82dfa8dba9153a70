import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { AdapterCandidate, ImportedAdapter, PossibleBase } from '../../preload/contract/adapters.ts'
import type { AdapterId, ModelId } from '../../preload/contract/common.ts'
import { InputError } from '../base/errors.ts'
import { writeJsonAtomic } from '../base/files.ts'
import { readFile } from '../base/sealed/fs.ts'
import type { Models } from './models.ts'

/** What the trainer says of an adapter's folder and of each model that it was put to. */
export interface LookedAdapter {
  readonly base_name: string | null
  readonly rank: number
  readonly bytes: number
  readonly sha256: string
  readonly licence: string | null
  readonly problem: string | null
  readonly fits: readonly {
    readonly id: string
    readonly labels: number | null
    readonly class_names: readonly string[] | null
  }[]
  readonly misfits: readonly { readonly id: string; readonly why: string }[]
}

/** What the trainer made of it. */
export interface MadeAdapter {
  readonly layers: number
  readonly class_names: readonly string[]
  readonly problem: string
}

interface Given {
  readonly path: string
  readonly name: string
}

export interface Wanted {
  readonly model: ModelId
  readonly classNames: readonly string[]
  readonly isMultiLabel: boolean
}

export interface AdaptersOptions {
  /** Each imported adapter has a folder of its own in it. */
  readonly folder: string
  /** Folders that a page brought lie below this one. */
  readonly quarantine: string
  readonly models: Pick<Models, 'list' | 'folderOf'>
  readonly look: (folder: string, models: readonly { readonly id: string; readonly folder: string }[]) => Promise<LookedAdapter>
  readonly make: (request: {
    readonly folder: string
    readonly modelFolder: string
    readonly labels: readonly string[]
    readonly isMultiLabel: boolean
    readonly outFolder: string
    readonly createdAt: string
  }) => Promise<MadeAdapter>
  /** ISO 8601. */
  readonly now: () => string
}

const NOTE = 'about.json'
const noteSchema = z.object({
  id: z.string().regex(/^a-[0-9a-f]{20}$/),
  name: z.string().min(1).max(500),
  model: z.object({ id: z.string(), name: z.string() }),
  rank: z.number(),
  layers: z.number(),
  classNames: z.array(z.string()),
  isMultiLabel: z.boolean(),
  licence: z.string().nullable(),
  bytes: z.number(),
  sha256: z.string(),
  addedAt: z.string()
})

type Note = Omit<ImportedAdapter, 'problem'>

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
    const bases = looked.fits.map(({ id, labels, class_names: classNames }): PossibleBase => {
      const modelName = names.get(id) ?? ''
      return { model: id as ModelId, name: modelName, isNamed: isNamed(baseName, modelName), labels, classNames } // Asked by its id.
    })
    return {
      name,
      baseName,
      rank,
      bytes,
      licence,
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
      const key = JSON.stringify([looked.sha256, wanted.model, wanted.classNames, wanted.isMultiLabel])
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

  /** By name. */
  async list(): Promise<readonly ImportedAdapter[]> {
    const ids = (await readdir(this.#options.folder).catch((): string[] => [])).filter((name) => name.startsWith('a-'))
    const notes = await Promise.all(ids.map((id) => this.#note(id)))
    const listed = await Promise.all(notes.filter((note) => note !== null).map((note) => this.#withProblem(note)))
    return listed.toSorted((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1))
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
    const { model, classNames: labels, isMultiLabel } = wanted
    const listed = (await models.list()).find((each) => each.id === model)
    const modelFolder = await models.folderOf(model)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const outFolder = join(folder, id)
    // Left by one that was cut short: without its note nothing lists it.
    await rm(outFolder, { recursive: true, force: true })
    const addedAt = now()
    const made = await make({ folder: path, modelFolder, labels, isMultiLabel, outFolder, createdAt: addedAt })
    const { rank, licence, bytes, sha256 } = looked
    const facts = { rank, licence, bytes, sha256, layers: made.layers, classNames: made.class_names }
    const isMulti = made.problem === 'multi_label_classification'
    const note: Note = { id, name, model: { id: model, name: listed?.name ?? '' }, ...facts, isMultiLabel: isMulti, addedAt }
    await writeJsonAtomic(join(outFolder, NOTE), note)
    return this.#withProblem(note)
  }

  async #note(id: string): Promise<Note | null> {
    const text = await readFile(join(this.#options.folder, id, NOTE), 'utf8').catch(() => null)
    if (text === null) return null
    const { data } = noteSchema.safeParse(parsed(text))
    return data?.id === id ? (data as unknown as Note) : null // Ids that this class minted; they only travelled through the file.
  }

  async #withProblem(note: Note): Promise<ImportedAdapter> {
    const model = (await this.#options.models.list()).find(({ id }) => id === note.model.id)
    if (model?.state === 'ready') return { ...note, problem: null }
    const why = model ? model.problem : null
    const problem = why ?? `Its model, ${note.model.name}, is no longer in the library. Import that model again.`
    return { ...note, problem }
  }
}

/** Names are compared without what differs between a hub and a folder. */
const bare = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '')
const isNamed = (wanted: string | null, name: string): boolean => wanted !== null && bare(wanted) === bare(name)

function noBase({ base_name: wanted, misfits }: LookedAdapter, names: ReadonlyMap<string, string>): string {
  const named = misfits.find(({ id }) => isNamed(wanted, names.get(id) ?? ''))
  if (named) return named.why
  const which = wanted === null ? 'the model that it was trained on' : `${wanted}, which it was trained on`
  return `No model in the library fits this adapter. Import ${which}, then this folder again.`
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false
  )

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
