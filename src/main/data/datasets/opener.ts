import { extname, join } from 'node:path'
import type { DatasetId, ProjectId } from '../../../preload/contract/common.ts'
import type { DatasetSummary, ReadAs } from '../../../preload/contract/data.ts'
import { InputError } from '../../base/errors.ts'
import { notATable } from '../../base/file-types.ts'
import { counted } from '../../base/wording.ts'
import { noDocuments } from '../importers/folder.ts'
import { importerFor } from '../importers/index.ts'
import { layHere, type DocumentsInput, type Laid, type Laying, type OnProgress } from '../intake/laying.ts'
import { inOwnName } from '../own-name.ts'
import { PRACTICE_SPLIT, STANDARD_SPLIT } from './division.ts'
import { guessRoles } from './roles.ts'
import type { Sample } from './samples.ts'
import { copyHashed } from './scan.ts'
import { summaryOf, type Shelf, type ShelfOptions, type StoredDataset } from './shelf.ts'

/** Where the data of a file of the person's own, and those of a practice set, belong. */
export interface ProjectMaker {
  /** Says which project a file will belong to, before anything of it is written; `release` gives it back where nothing came of it. */
  readonly reserve: (sample: { readonly id: string } | null) => Promise<ProjectId>
  readonly release: (id: ProjectId) => Promise<void>
  readonly forFile: (file: string, id: ProjectId) => Promise<ProjectId>
  readonly forSample: (sample: { readonly id: string; readonly title: string }) => Promise<ProjectId>
}

export interface OpenerOptions {
  /** Finds or makes the project that an opened table belongs to; a later version stays in that of the version before. */
  readonly projects: ProjectMaker
  /** How files are read; in this process where left out. */
  readonly laying?: Laying
}

/** Makes data sets out of what the person brings. */
export class Opener {
  readonly #options: OpenerOptions & Pick<ShelfOptions, 'onReading'>
  readonly #shelf: Shelf
  readonly #laying: Laying
  readonly #reading = new Set<AbortController>()

  constructor(options: OpenerOptions & Pick<ShelfOptions, 'onReading'>, shelf: Shelf) {
    this.#options = options
    this.#shelf = shelf
    this.#laying = options.laying ?? layHere
  }

  /** Ends whatever is being read; nothing of it is kept. */
  stop(): void {
    for (const control of this.#reading) control.abort(stopped())
  }

  /** Opens a table. Throws an InputError where it is none. */
  async table(path: string, name: string, sample: Sample | null, read: ReadAs = {}): Promise<DatasetSummary> {
    // Refuses an unknown type before anything is copied.
    if (extname(path) === '') throw notATable(name)
    importerFor(extname(name) === '' ? path : name)
    return this.#aside(sample, async (folder, project, signal) => {
      const copy = `table${extname(path).toLowerCase()}`
      const hash = await copyHashed(path, join(folder, copy), signal).catch(named(name, path))
      const known = await this.#shelf.known(idOf(hash))
      if (known) return summaryOf(known)
      const laid = await this.#laying.table({ folder, copy, read }, this.#teller(name), signal).catch(named(name, copy))
      if (laid.scanned.rows === 0) throw noRows(name)
      return this.#keep({ folder, project, name, sample, hash, partColumn: null }, laid)
    })
  }

  /** Makes one table of a folder or of several documents. `name`: the folder's; without one the documents are counted. */
  async documents(source: DocumentsInput['source'], name: string | null): Promise<DatasetSummary> {
    return this.#aside(null, async (folder, project, signal) => {
      const onProgress = this.#teller(name ?? ('files' in source ? counted(source.files.length, 'document') : ''))
      const laid = await this.#laying.documents({ folder, source }, onProgress, signal)
      const { hash, partColumn, reason, scanned } = laid
      const given = name ?? counted(scanned.rows, 'document')
      if (scanned.rows === 0) throw noDocuments(name ?? 'these files', reason)
      const known = await this.#shelf.known(idOf(hash))
      if (known) return summaryOf(known)
      return this.#keep({ folder, project, name: given, sample: null, hash, partColumn }, laid)
    })
  }

  /** Works with a project that is there from the start, so that nothing of a file is ever sealed with another key; can be stopped meanwhile. */
  async #aside<T>(
    sample: Sample | null,
    work: (folder: string, project: ProjectId, signal: AbortSignal) => Promise<T>
  ): Promise<T> {
    const { projects } = this.#options
    const project = await projects.reserve(sample)
    const control = new AbortController()
    this.#reading.add(control)
    try {
      return await this.#shelf.aside(project, (folder) => work(folder, project, control.signal))
    } finally {
      this.#reading.delete(control)
      await projects.release(project)
    }
  }

  #teller(name: string): OnProgress {
    return (done, total, read) => this.#options.onReading({ name, phase: 'reading', done, total, ...(read && { read }) })
  }

  async #keep(made: Made, { file, scanned, readAs }: Laid): Promise<DatasetSummary> {
    const { folder, project, name, sample, hash, partColumn } = made
    const { projects } = this.#options
    const id = idOf(hash)
    const stored: StoredDataset = {
      id,
      project: await (sample ? projects.forSample(sample) : projects.forFile(name, project)),
      root: id,
      parent: null,
      version: 1,
      note: null,
      hash,
      kept: null,
      split: sample ? PRACTICE_SPLIT : { ...STANDARD_SPLIT, column: partColumn },
      name,
      sample: sample?.id ?? null,
      file,
      roles: sample?.roles ?? guessRoles(scanned.columns),
      ...this.#shelf.facts(scanned),
      ...(readAs && { readAs })
    }
    return this.#shelf.keep(folder, stored)
  }
}

/** What a new data set is made of. */
interface Made {
  readonly folder: string
  readonly project: ProjectId
  readonly name: string
  readonly sample: Sample | null
  readonly hash: string
  readonly partColumn: string | null
}

const idOf = (hash: string): DatasetId => `d-${hash.slice(0, 20)}` as DatasetId // Minted here.

const noRows = (name: string): InputError =>
  new InputError('data_no_rows', `${name} has column names but no rows below them. Is it the right file?`)

const stopped = (): InputError => new InputError('reading-stopped', 'Reading was stopped. Nothing of it was kept.')

/** An importer names the copy; the person knows the file by its own name. */
export const named =
  (name: string, file: string) =>
  (error: unknown): never => {
    throw inOwnName(error, name, file)
  }
