import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ModelId } from '../../preload/contract/common.ts'
import type { KeptPack, PackCandidate, PackId } from '../../preload/contract/packs.ts'
import { InputError } from '../base/errors.ts'
import { adoptModel } from './adopt.ts'
import type { Adapters } from './adapters.ts'
import type { ModelRecords } from './library.ts'
import type { Models } from './models.ts'

/** What unpacking found, but for what the library itself knows. */
export type UnpackedFacts = Omit<PackCandidate, 'id' | 'name' | 'on'>

export interface PacksOptions {
  readonly models: Models
  readonly records: ModelRecords
  readonly adapters: Pick<Adapters, 'baseOf' | 'bring'>
  /** Where copied models stay; a packed model is unpacked there, aside. */
  readonly folder: string
  readonly notes: string
  /** For adapters until they are imported, and for the content of encrypted packs while they are unpacked. */
  readonly temporary: string
  /** Unpacks and checks a pack in a trainer of its own. Throws an InputError for what is wrong with it. */
  readonly unpack: (file: string, places: UnpackPlaces, passphrase: string | null, signal: AbortSignal) => Promise<UnpackedFacts>
}

export interface UnpackPlaces {
  readonly into: Readonly<Record<PackCandidate['holds'], string>>
  readonly scratch: string
}

interface Pending {
  readonly candidate: PackCandidate
  readonly folder: string
}

/** Packs on their way into the library, one at a time: unpacked aside and checked, shown, kept or dropped. */
export class Packs {
  readonly #options: PacksOptions
  #pending: Pending | null = null
  #stopping: AbortController | null = null

  constructor(options: PacksOptions) {
    this.#options = options
  }

  /** Throws an InputError where another is being unpacked, or this one is not as a pack is; nothing of it stays then. */
  async open(
    { path, name }: { readonly path: string; readonly name: string },
    passphrase: string | null
  ): Promise<PackCandidate> {
    if (this.#stopping) throw new InputError('library-busy', 'Another model is being read. Wait for it, or stop it.')
    const stopping = new AbortController()
    this.#stopping = stopping
    const { folder, temporary, unpack } = this.#options
    try {
      await this.#forget()
      const into = { model: await newFolder(folder, '.new-'), adapter: await newFolder(temporary, 'adapter-') }
      const scratch = await newFolder(temporary, 'pack-')
      try {
        const facts = await unpack(path, { into, scratch }, passphrase, stopping.signal)
        const candidate = await this.#candidate(facts, name, into.adapter)
        this.#pending = { candidate, folder: into[facts.holds] }
        return candidate
      } catch (error) {
        throw inOwnName(error, path, name)
      } finally {
        const left = Object.values(into).filter((each) => each !== this.#pending?.folder)
        for (const each of [...left, scratch]) await rm(each, { recursive: true, force: true })
      }
    } finally {
      this.#stopping = null
    }
  }

  stop(): void {
    this.#stopping?.abort()
  }

  /** Throws an InputError where it is not at hand any more, or cannot be imported. */
  async keep(id: PackId): Promise<KeptPack> {
    const pending = this.#pending
    if (pending?.candidate.id !== id) throw new InputError('pack-gone', 'This pack is no longer at hand. Choose it again.')
    const { problem, on } = pending.candidate
    if (problem !== null) throw new InputError('model-unusable', problem)
    return on === null ? this.#keepModel(pending) : this.#keepAdapter(pending, on.id)
  }

  async #candidate(facts: UnpackedFacts, name: string, adapter: string): Promise<PackCandidate> {
    const id = `p-${randomBytes(8).toString('hex')}` as PackId // Minted here.
    const named = { ...facts, id, name: name.replace(/\.attune$/i, '') }
    if (facts.holds === 'model') return { ...named, on: null }
    const { model, problem } = await this.#options.adapters.baseOf(adapter)
    return { ...named, on: model, problem }
  }

  async #keepAdapter({ candidate, folder }: Pending, model: ModelId): Promise<KeptPack> {
    const isMultiLabel = candidate.answers.problem === 'multi_label_classification'
    const wanted = { model, classNames: [], isMultiLabel, isBound: true }
    const kept = await this.#options.adapters.bring({ path: folder, name: candidate.name }, wanted)
    await this.#forget()
    return kept
  }

  async #keepModel({ candidate: { name }, folder: aside }: Pending): Promise<KeptPack> {
    const { models, records, folder, notes } = this.#options
    const { signal } = new AbortController()
    const found = await models.look(aside, name)
    if (found.problem !== null) throw new InputError('model-unusable', found.problem)
    const { id: model, home, record, isKnown } = await adoptModel(aside, { models: folder, notes, name, signal })
    await this.#forget()
    const known = isKnown ? (await models.list()).find((each) => each.id === model) : undefined
    if (known) return { model: known, isKnown: true }
    const saved = await models.save({ ...found, id: model, name, folder: home })
    records.save(model, record)
    return { model: saved, isKnown: false }
  }

  async drop(id: PackId): Promise<void> {
    if (this.#pending?.candidate.id === id) await this.#forget()
  }

  async dispose(): Promise<void> {
    this.stop()
    await this.#forget()
  }

  /** What was not kept. */
  async #forget(): Promise<void> {
    const pending = this.#pending
    this.#pending = null
    if (pending) await rm(pending.folder, { recursive: true, force: true })
  }
}

/** What a page brought has a name of its own in quarantine; the person knows it by theirs. */
function inOwnName(error: unknown, path: string, name: string): unknown {
  if (!(error instanceof InputError)) return error
  const [shown, own] = [basename(path), JSON.stringify(name).slice(1, -1)]
  return new InputError(
    error.code,
    error.message.replaceAll(shown, () => own),
    error.where,
    { cause: error }
  )
}

async function newFolder(parent: string, prefix: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o700 })
  return mkdtemp(join(parent, prefix))
}
