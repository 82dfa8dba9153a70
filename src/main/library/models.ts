import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ModelId } from '../../preload/contract/common.ts'
import type { KnownModel, ModelSummary } from '../../preload/contract/models.ts'
import { InputError } from '../base/errors.ts'
import { readLicence } from '../base/licence/read-licence.ts'
import { readCard } from '../base/model-card.ts'
import { inspectModel } from './inspect.ts'
import { knownModels } from './known-models.ts'
import { readTrained, type TrainedModelFacts } from './trained-model.ts'
import { whyUnusable } from './why-unusable.ts'

/** A model as it is listed: what the screens see but for its state, and where it lies. */
export type StoredModel = Omit<ModelSummary, 'state' | 'answers'> & { readonly folder: string; readonly addedAt: string }

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

  /** Lists the practice model as it lies in this installation; an installation without one has no such line. */
  async prepare(): Promise<void> {
    const { bundled, index } = this.#options
    if (!(await isFolder(bundled.folder))) {
      index.remove(bundledId)
      return
    }
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

  /** A model that came with its training, ready to answer. Throws an InputError for any other, or one that cannot be used now. */
  async trained(id: string): Promise<TrainedModelFacts & { readonly folder: string; readonly name: string }> {
    const folder = await this.folderOf(id)
    const facts = await readTrained(folder)
    if (facts) return { ...facts, folder, name: this.#stored(id).name }
    throw new InputError('model-untrained', 'This model gives no answers of its own. Train it on your data first.')
  }

  /** What a folder holds, without listing it. What is no model folder at all is refused. */
  async look(folder: string, name = basename(folder)): Promise<StoredModel> {
    return { ...(await this.#look(folder, 'm-unlisted' as ModelId)), name } // It gets its own id when it is listed.
  }

  /** Lists a model, in the place of one with its id or folder. */
  async save(stored: StoredModel): Promise<ModelSummary> {
    this.#options.index.save(stored)
    return withState(stored)
  }

  /** A model as it is listed, wherever its drive may be. Throws an InputError where it is not. */
  stored(id: string): StoredModel {
    return this.#stored(id)
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
    const { languages } = await readCard(folder)
    const { name: licence } = await readLicence(folder)
    const [problem] = problems
    return {
      id,
      name: basename(folder),
      family,
      parameters: weights?.parameters ?? null,
      bytes: weights?.bytes ?? null,
      maxTokens: max_tokens,
      licence,
      languages,
      bundled: false,
      problem: problem ? await whyUnusable(folder, problem) : null,
      folder,
      addedAt: this.#options.now()
    }
  }
}

const bundledId = 'm-practice' as ModelId // Minted here.

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false
  )

/** A drive that is gone is no reason to forget the model. */
async function withState({ folder, addedAt: _addedAt, ...model }: StoredModel): Promise<ModelSummary> {
  const isThere = await stat(join(folder, 'config.json')).then(
    (found) => found.isFile(),
    () => false
  )
  if (model.problem !== null) return { ...model, state: 'unusable' }
  if (isThere) {
    const trained = await readTrained(folder)
    return { ...model, state: 'ready', ...(trained && { answers: trained.answers }) }
  }
  const problem = `${model.name} is not where it was. Connect the drive that it lies on, or add its folder again.`
  return { ...model, state: 'disconnected', problem }
}
