import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelId } from '../../preload/contract/common.ts'
import type {
  LibraryApi,
  LibraryEvents,
  LicenceMeaning,
  ModelCandidate,
  ModelDetails,
  ModelFile,
  Verification
} from '../../preload/contract/library.ts'
import type { ModelSummary } from '../../preload/contract/models.ts'
import { defined } from '../base/assert.ts'
import { InputError } from '../base/errors.ts'
import { needsNotice, obligationSentences } from '../base/licence/classes.ts'
import { licenceOf, readLicence, type Licence } from '../base/licence/read-licence.ts'
import { readCard } from '../base/model-card.ts'
import { readCopied, removeCopied, writeCopied } from './copied-models.ts'
import { vanishingDrive } from './drive-kind.ts'
import { hashFiles, modelFileNames, modelHash } from './hash-files.ts'
import type { Models } from './models.ts'
import type { StoredModel } from './models.ts'

/** What is known of a model's files. */
export interface ModelRecord {
  readonly hash: string
  readonly place: 'referenced' | 'copied'
  readonly card: string | null
  readonly tags: readonly string[]
  readonly checkedAt: string
  readonly files: readonly ModelFile[]
}

export interface ModelRecords {
  readonly find: (id: string) => ModelRecord | null
  readonly byHash: (hash: string) => string | null
  readonly save: (id: string, record: ModelRecord) => void
}

export interface LibraryOptions {
  readonly models: Models
  readonly records: ModelRecords
  /** Where copied models stay. */
  readonly folder: string
  /** What is known of each copied model, to be found without the record. */
  readonly notes: string
  /** Folders that a page brought lie below this one, which is swept. */
  readonly quarantine: string
  /** ISO 8601. */
  readonly now: () => string
  readonly onHashing: (progress: LibraryEvents['hashing']) => void
}

interface Given {
  readonly path: string
  readonly name: string
}

/** Models with their files: brought in, hashed, copied or left where they are, and looked at again. */
export class Library {
  readonly #options: LibraryOptions
  #stopping = new AbortController()
  #isBusy = false

  constructor(options: LibraryOptions) {
    this.#options = options
  }

  /** Lists the copied models that the list has lost, by the note of each; what a copy that was cut short has left is swept. */
  async prepare(): Promise<void> {
    const { models, records, folder, notes } = this.#options
    const left = (await readdir(folder).catch((): string[] => [])).filter((name) => name.startsWith('.new-'))
    for (const name of left) await rm(join(folder, name), { recursive: true, force: true })
    const known = new Set<string>((await readCopied(notes)).map(({ id }) => id))
    for (const { id, name } of await models.list()) {
      const record = records.find(id)
      if (record?.place === 'copied' && !known.has(id)) await writeCopied(notes, { id, name, record })
    }
    await this.refresh()
  }

  /** Lists copied models of which a note is there but no line: those of a lost record, and those that a command brings while this is open. Returns their ids. */
  async refresh(): Promise<readonly ModelId[]> {
    const { models, records, folder, notes } = this.#options
    const listed = new Set((await models.list()).map(({ id }) => id))
    const added: ModelId[] = []
    for (const { id, name, record } of (await readCopied(notes)).filter((one) => !listed.has(one.id))) {
      const home = join(folder, id)
      const found = await models.look(home, name).catch(() => null)
      if (!found) continue
      await models.save({ ...found, id, name, folder: home })
      records.save(id, record)
      added.push(id)
    }
    return added
  }

  async look({ path, name }: Given): Promise<ModelCandidate> {
    const { family, parameters, bytes, licence, languages, problem } = await this.#options.models.look(path, name)
    return { name, family, parameters, bytes, licence, languages, problem, mustCopy: await this.#mustCopy(path) }
  }

  /** Throws an InputError where the folder holds no model that can be used. */
  async bring({ path, name }: Given, wanted: 'referenced' | 'copied'): Promise<ReturnType<LibraryApi['bring']>> {
    if (this.#isBusy) throw new InputError('library-busy', 'Another model is being read. Wait for it, or stop it.')
    this.#isBusy = true
    this.#stopping = new AbortController()
    try {
      const found = await this.#options.models.look(path, name)
      if (found.problem !== null) throw new InputError('model-unusable', found.problem)
      const place = (await this.#mustCopy(path)) === null ? wanted : 'copied'
      return await this.#take(found, path, name, place)
    } catch (error) {
      if (this.#stopping.signal.aborted) throw new InputError('stopped', 'Stopped. Nothing was added.')
      throw error
    } finally {
      this.#isBusy = false
    }
  }

  stop(): void {
    this.#stopping.abort()
  }

  async details(id: ModelId): Promise<ModelDetails> {
    const { folder, bundled, licence: name } = this.#options.models.stored(id)
    const record = this.#options.records.find(id)
    const licence = meaningOf(name === null ? await readLicence(folder) : licenceOf(name, 'card'))
    if (!record) {
      const { text, tags } = await readCard(folder)
      return { id, hash: null, place: bundled ? 'bundled' : 'referenced', files: [], card: text, tags, licence, checkedAt: null }
    }
    const { hash, place, card, tags, checkedAt, files } = record
    return { id, hash, place: bundled ? 'bundled' : place, files, card, tags, licence, checkedAt }
  }

  /** Hashes a model's files again; what was never hashed is hashed for the first time. */
  async verify(id: ModelId): Promise<Verification> {
    const { models, records, now } = this.#options
    const folder = await models.folderOf(id)
    const before = records.find(id)
    const files = await this.#hash(folder, models.stored(id).name, null)
    const checkedAt = now()
    if (!before) {
      const { text: card, tags } = await readCard(folder)
      records.save(id, { hash: modelHash(files), place: 'referenced', card, tags, checkedAt, files })
      return { checkedAt, changes: [] }
    }
    records.save(id, { ...before, checkedAt })
    return { checkedAt, changes: changesOf(before.files, files) }
  }

  /** Forgets a model. A copy that Attune made goes with it; a folder of the person's own stays. */
  async remove(id: ModelId): Promise<void> {
    const { models, records, folder, notes } = this.#options
    const { folder: home } = models.stored(id)
    const isCopy = records.find(id)?.place === 'copied' && home.startsWith(folder)
    models.remove(id)
    await removeCopied(notes, id)
    if (isCopy) await rm(home, { recursive: true, force: true })
  }

  async #take(
    found: StoredModel,
    path: string,
    name: string,
    place: 'referenced' | 'copied'
  ): Promise<ReturnType<LibraryApi['bring']>> {
    const { models, records, folder, notes, now } = this.#options
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const aside = place === 'copied' ? await mkdtemp(join(folder, '.new-')) : null
    try {
      const files = await this.#hash(path, name, aside)
      const hash = modelHash(files)
      const known = records.byHash(hash)
      if (known !== null && (await this.#isThere(known))) return { model: await models.get(known), isKnown: true }
      const id = (known ?? `m-${hash.slice(0, 20)}`) as ModelId // Minted here.
      const home = aside === null ? path : join(folder, id)
      if (aside !== null) {
        await rm(home, { recursive: true, force: true })
        await rename(aside, home)
      }
      const model = await models.save({ ...found, id, name, folder: home })
      const { text: card, tags } = await readCard(home)
      const record = { hash, place, card, tags, checkedAt: now(), files }
      records.save(id, record)
      await (place === 'copied' ? writeCopied(notes, { id, name, record }) : removeCopied(notes, id))
      return { model, isKnown: known !== null }
    } finally {
      if (aside !== null) await rm(aside, { recursive: true, force: true })
      // What a page brought has been copied, or is not wanted.
      if (this.#isBrought(path)) await rm(path, { recursive: true, force: true })
    }
  }

  async #hash(path: string, name: string, copyTo: string | null): Promise<readonly ModelFile[]> {
    const total = await sizeOf(path)
    let done = 0
    const onBytes = (bytes: number): void => {
      done += bytes
      this.#options.onHashing({ name, phase: copyTo === null ? 'hashing' : 'copying', done, total })
    }
    return hashFiles(path, { signal: this.#stopping.signal, onBytes, copyTo })
  }

  async #isThere(id: string): Promise<boolean> {
    return (
      (await this.#options.models.get(id).catch((): Pick<ModelSummary, 'state'> => ({ state: 'disconnected' }))).state === 'ready'
    )
  }

  #isBrought(path: string): boolean {
    return path.startsWith(this.#options.quarantine)
  }

  async #mustCopy(path: string): Promise<ModelCandidate['mustCopy']> {
    return this.#isBrought(path) ? 'brought' : vanishingDrive(path)
  }
}

async function sizeOf(folder: string): Promise<number> {
  const sizes = await Promise.all(
    (await modelFileNames(folder)).map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0
      )
    )
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** What is not as it was. */
export function changesOf(before: readonly ModelFile[], now: readonly ModelFile[]): Verification['changes'] {
  const was = new Map(before.map((file) => [file.name, file]))
  const is = new Map(now.map((file) => [file.name, file]))
  const names = [...new Set([...was.keys(), ...is.keys()])].sort()
  return names.flatMap((name): Verification['changes'][number][] => {
    if (!is.has(name)) return [{ name, what: 'missing' }]
    if (!was.has(name)) return [{ name, what: 'new' }]
    return defined(was.get(name), 'a known file').sha256 === is.get(name)?.sha256 ? [] : [{ name, what: 'changed' }]
  })
}

const meaningOf = (licence: Licence): LicenceMeaning => ({
  summary: licence.summary,
  obligations: licence.obligations.map((each) => obligationSentences[each]),
  isNoticed: needsNotice(licence)
})
