import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ModelId } from '../../preload/contract/common.ts'
import type { KnownModel, ModelSummary } from '../../preload/contract/models.ts'
import { InputError } from '../base/errors.ts'
import { readFile } from '../base/sealed/fs.ts'
import { inspectModel } from './inspect.ts'
import { knownModels } from './known-models.ts'

/** A model as it is listed: what the screens see but for its state, and where it lies. */
export type StoredModel = Omit<ModelSummary, 'state'> & { readonly folder: string; readonly addedAt: string }

export interface ModelIndex {
  readonly list: () => readonly StoredModel[]
  readonly find: (id: string) => StoredModel | null
  readonly save: (model: StoredModel) => void
  readonly remove: (id: string) => void
}

export interface ModelsOptions {
  readonly bundled: { readonly folder: string; readonly name: string }
  readonly index: ModelIndex
  /** ISO 8601. */
  readonly now: () => string
}

/** Models on this machine: the practice model, and folders that the person added. They stay where they are. */
export class Models {
  readonly #options: ModelsOptions

  constructor(options: ModelsOptions) {
    this.#options = options
  }

  /** Lists the practice model as it lies in this installation. */
  async prepare(): Promise<void> {
    const { bundled, index } = this.#options
    const known = index.find(bundledId)
    if (known?.folder === bundled.folder && known.problem === null) return
    index.save({ ...(await this.#look(bundled.folder, bundledId)), name: bundled.name, bundled: true, licence: 'Apache-2.0' })
  }

  async list(): Promise<readonly ModelSummary[]> {
    return Promise.all(this.#options.index.list().map(withState))
  }

  async get(id: string): Promise<ModelSummary> {
    return withState(this.#stored(id))
  }

  /** Where a model lies. Throws an InputError where it cannot be used now. */
  async folderOf(id: string): Promise<string> {
    const stored = this.#stored(id)
    const { state, problem } = await withState(stored)
    if (state === 'ready') return stored.folder
    throw new InputError(`model-${state}`, problem ?? `${stored.name} cannot be used.`)
  }

  /** Adds a folder. What cannot be used is listed with the reason; what is no model folder at all is refused. */
  async add(folder: string, name = basename(folder)): Promise<ModelSummary> {
    const id = `m-${createHash('sha256').update(folder).digest('hex').slice(0, 20)}` as ModelId // Minted here.
    const stored = { ...(await this.#look(folder, id)), name, bundled: false }
    this.#options.index.save(stored)
    return withState(stored)
  }

  remove(id: string): void {
    if (this.#stored(id).bundled) throw new InputError('model-bundled', 'The practice model is part of Attune and stays.')
    this.#options.index.remove(id)
  }

  known(): readonly KnownModel[] {
    return knownModels
  }

  #stored(id: string): StoredModel {
    const found = this.#options.index.find(id)
    if (found) return found
    throw new InputError('model-gone', 'This model is no longer in the list. Add its folder again.')
  }

  async #look(folder: string, id: ModelId): Promise<StoredModel> {
    const { family, weights, max_tokens, problems } = await inspectModel(folder)
    return {
      id,
      name: basename(folder),
      family,
      parameters: weights?.parameters ?? null,
      bytes: weights?.bytes ?? null,
      maxTokens: max_tokens,
      ...(await cardOf(folder)),
      bundled: false,
      problem: problems[0]?.message ?? null,
      folder,
      addedAt: this.#options.now()
    }
  }
}

const bundledId = 'm-practice' as ModelId // Minted here.

/** A drive that is gone is no reason to forget the model. */
async function withState({ folder, addedAt: _addedAt, ...model }: StoredModel): Promise<ModelSummary> {
  const isThere = await stat(join(folder, 'config.json')).then(
    (found) => found.isFile(),
    () => false
  )
  if (model.problem !== null) return { ...model, state: 'unusable' }
  if (isThere) return { ...model, state: 'ready' }
  const problem = `${model.name} is not where it was. Connect the drive that it lies on, or add its folder again.`
  return { ...model, state: 'disconnected', problem }
}

/** Bytes of a model card that are looked at. */
const CARD_BYTES = 20_000

/** Licence and languages as the front matter of the model card names them. */
async function cardOf(folder: string): Promise<Pick<StoredModel, 'licence' | 'languages'>> {
  const text = (await readFile(join(folder, 'README.md'), 'utf8').catch(() => '')).slice(0, CARD_BYTES)
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? ''
  const licence = /^license:\s*["']?([\w.+-]{1,60})/m.exec(front)?.[1] ?? null
  const inline = /^language:[ \t]*["']?([\w-]{2,20})/m.exec(front)?.[1]
  const listed = /^language:\s*((?:\r?\n\s*-\s*[\w-]{2,20})+)/m.exec(front)?.[1]?.match(/[\w-]{2,20}/g) ?? []
  return { licence, languages: inline === undefined ? listed : [inline] }
}
