import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import type { DatasetId, ProjectId } from '../../../preload/contract/common.ts'
import type { DatasetReport, DatasetSummary, Roles, RowsPage } from '../../../preload/contract/data.ts'
import { InputError } from '../../base/errors.ts'
import { writeJsonAtomic } from '../../base/files.ts'
import { importerFor } from '../importers/index.ts'
import { looksLike } from './column-stats.ts'
import { reportOn } from './report.ts'
import { guessRoles, missingRole } from './roles.ts'
import { readRows, readRowsAtLines } from './rows-file.ts'
import { samples, sampleOf, type Sample } from './samples.ts'
import { copyHashed, flattenWorkbook, scanTable, type Scanned } from './scan.ts'

/** A data set as it is kept: what the screens see, and its file's name in the data set's folder. */
export type StoredDataset = DatasetSummary & { readonly file: string }

/** Where data sets are listed; the folders are the truth. */
export interface DatasetIndex {
  readonly list: () => readonly StoredDataset[]
  readonly find: (id: string) => StoredDataset | null
  readonly save: (dataset: StoredDataset) => void
  readonly saveRoles: (id: string, roles: Roles) => void
}

/** Where the data of a file of the person's own, and those of a practice set, belong. */
export interface ProjectMaker {
  readonly forFile: (file: string) => Promise<ProjectId>
  readonly forSample: (sample: { readonly id: string; readonly title: string }) => Promise<ProjectId>
}

export interface DatasetsOptions {
  /** A folder with one folder for each data set. */
  readonly folder: string
  readonly samplesFolder: string
  readonly index: DatasetIndex
  /** Finds or makes the project that an opened table belongs to. */
  readonly projects: ProjectMaker
  /** Puts back what lies in the bin under this id; false where nothing does. */
  readonly restore: (id: string) => Promise<boolean>
  /** ISO 8601. */
  readonly now: () => string
  readonly onReading: (progress: {
    readonly name: string
    readonly phase: string
    readonly done: number
    readonly total: number
  }) => void
}

type Opened = Pick<StoredDataset, 'id' | 'project' | 'name' | 'file'> & { readonly sample: Sample | null }

/** Longest cell that a page of rows shows. */
const SHOWN_CHARACTERS = 2000
const MOST_ROWS_A_PAGE = 1000

/** Tables of the person's own and the practice sets: each an unchanging copy in the data folder, named after its content. */
export class Datasets {
  readonly #options: DatasetsOptions
  #reported: { readonly key: string; readonly report: DatasetReport } | undefined

  constructor(options: DatasetsOptions) {
    this.#options = options
  }

  samples(): readonly Pick<Sample & { readonly task: Roles['task'] }, 'id' | 'title' | 'about' | 'task'>[] {
    return samples.map(({ id, title, about, roles }) => ({ id, title, about, task: roles.task }))
  }

  async openSample(id: string): Promise<DatasetSummary> {
    const sample = sampleOf(id)
    return this.#open(join(this.#options.samplesFolder, sample.file), sample.file, sample)
  }

  /** Opens a file of the person's own. Throws an InputError where it is no table. */
  async open(path: string, name = basename(path)): Promise<DatasetSummary> {
    return this.#open(path, name, null)
  }

  list(): readonly DatasetSummary[] {
    return this.#options.index.list().map(summaryOf)
  }

  get(id: string): DatasetSummary {
    return summaryOf(this.#stored(id))
  }

  /** The data set's own table, for the trainer to read. */
  pathOf(id: string): string {
    return join(this.#options.folder, id, this.#stored(id).file)
  }

  async rows({ id, from, count }: { readonly id: string; readonly from: number; readonly count: number }): Promise<RowsPage> {
    this.#stored(id)
    const rows = await readRows(this.#rowsPath(id), from, Math.min(count, MOST_ROWS_A_PAGE))
    return { from, rows: rows.map(({ cells }) => cells.map((cell) => cell.slice(0, SHOWN_CHARACTERS))) }
  }

  /** The texts that stand at these lines of the file. */
  async textsAt(id: string, lines: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const { columns, roles } = this.#stored(id)
    const at = columns.findIndex(({ name }) => name === roles.text)
    const rows = await readRowsAtLines(this.#rowsPath(id), lines)
    return new Map([...rows].map(([line, cells]) => [line, cells[at] ?? '']))
  }

  async setRoles(id: string, roles: Roles): Promise<DatasetReport> {
    const stored = this.#stored(id)
    await this.#write({ ...stored, roles })
    this.#options.index.saveRoles(id, roles)
    return this.report(id)
  }

  async report(id: string): Promise<DatasetReport> {
    const { id: own, roles, rows, columns } = this.#stored(id)
    const key = JSON.stringify([id, roles])
    if (this.#reported?.key === key) return this.#reported.report
    const missing = missingRole(
      roles,
      columns.map(({ name }) => name)
    )
    const report = await reportOn({ id: own, path: this.pathOf(id), roles, rows, missing })
    this.#reported = { key, report }
    return report
  }

  #stored(id: string): StoredDataset {
    const found = this.#options.index.find(id)
    if (found) return found
    throw new InputError('dataset-gone', 'This data set is no longer there. Open its file again.')
  }

  #rowsPath(id: string): string {
    return join(this.#options.folder, id, 'rows.jsonl')
  }

  async #open(path: string, name: string, sample: Sample | null): Promise<DatasetSummary> {
    const { folder, index, onReading } = this.#options
    // Refuses an unknown type before anything is copied.
    importerFor(name)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const aside = await mkdtemp(join(folder, '.new-'))
    try {
      const ending = extname(name).toLowerCase()
      const copy = `table${ending}`
      const hash = await copyHashed(path, join(aside, copy))
      const id = `d-${hash.slice(0, 20)}` as DatasetId // Minted here.
      const known = index.find(id) ?? ((await this.#options.restore(id)) ? index.find(id) : null)
      if (known && (await exists(join(folder, id)))) return summaryOf(known)
      const file = ending === '.xlsx' ? 'table.jsonl' : copy
      if (file !== copy) await flattenWorkbook(join(aside, copy), join(aside, file)).catch(named(name, copy))
      const onRows = (done: number): void => onReading({ name, phase: 'reading', done, total: 0 })
      const scanned = await scanTable(join(aside, file), join(aside, 'rows.jsonl'), onRows).catch(named(name, file))
      const { projects } = this.#options
      const project = known?.project ?? (await (sample ? projects.forSample(sample) : projects.forFile(name)))
      const stored = this.#describe({ id, project, name, file, sample }, scanned)
      await writeJsonAtomic(join(aside, 'dataset.json'), stored)
      await rm(join(folder, id), { recursive: true, force: true })
      await rename(aside, join(folder, id))
      index.save(stored)
      return summaryOf(stored)
    } finally {
      await rm(aside, { recursive: true, force: true })
    }
  }

  #describe({ sample, ...named }: Opened, { format, columns, rows }: Scanned): StoredDataset {
    return {
      ...named,
      sample: sample?.id ?? null,
      columns: columns.map((facts) => ({
        name: facts.name,
        looksLike: looksLike(facts),
        distinct: facts.distinct,
        empty: facts.empty
      })),
      rows,
      readAs: { encoding: encodingTitles[format.encoding], delimiter: format.delimiter },
      roles: sample?.roles ?? guessRoles(columns),
      addedAt: this.#options.now()
    }
  }

  async #write(stored: StoredDataset): Promise<void> {
    await writeJsonAtomic(join(this.#options.folder, stored.id, 'dataset.json'), stored)
  }
}

const encodingTitles = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  'windows-1252': 'Windows-1252'
} as const

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false
  )

/** An importer names the copy; the person knows the file by its own name. */
const named =
  (name: string, file: string) =>
  (error: unknown): never => {
    if (!(error instanceof InputError)) throw error
    throw new InputError(error.code, error.message.replaceAll(file, name), error.where, { cause: error })
  }

function summaryOf({ file: _file, ...summary }: StoredDataset): DatasetSummary {
  return summary
}
