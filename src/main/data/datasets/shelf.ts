import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ProjectId } from '../../../preload/contract/common.ts'
import type { DatasetSummary, ReadShare } from '../../../preload/contract/data.ts'
import { InputError } from '../../base/errors.ts'
import { writeJsonAtomic } from '../../base/files.ts'
import { keyRing } from '../../base/sealed/key-ring.ts'
import { looksLike } from './column-stats.ts'
import type { KeptParts } from './division.ts'
import { scanTable, type Scanned } from './scan.ts'

/** A data set as it is kept: what the screens see, and what only main and the trainer need. */
export type StoredDataset = DatasetSummary & {
  /** The file's name in the data set's folder. */
  readonly file: string
  /** SHA-256 of what the data set was made from, in hex. */
  readonly hash: string
  /** The parts that rows had in the version before. */
  readonly kept: KeptParts | null
}

/** Where data sets are listed; the folders are the truth. */
export interface DatasetIndex {
  readonly list: () => readonly StoredDataset[]
  readonly find: (id: string) => StoredDataset | null
  readonly save: (dataset: StoredDataset) => void
  /** Saves roles, split and kept parts of one that is listed. */
  readonly saveChoices: (dataset: StoredDataset) => void
}

export interface ShelfOptions {
  /** A folder with one folder for each data set. */
  readonly folder: string
  readonly index: DatasetIndex
  /** Puts back what lies in the bin under this id, if anything does. */
  readonly restore: (id: string) => Promise<void>
  /** ISO 8601. */
  readonly now: () => string
  readonly onReading: (progress: {
    readonly name: string
    readonly phase: string
    readonly done: number
    readonly total: number
    readonly read?: ReadShare
  }) => void
}

/** The folders of data sets, and the index that lists them. */
export class Shelf {
  readonly #options: ShelfOptions

  constructor(options: ShelfOptions) {
    this.#options = options
  }

  /** Throws an InputError where it is not listed. */
  stored(id: string): StoredDataset {
    const found = this.#options.index.find(id)
    if (found) return found
    throw new InputError('dataset-gone', 'This data set is no longer there. Open its file again.')
  }

  find(id: string): StoredDataset | null {
    return this.#options.index.find(id)
  }

  folderOf(id: string): string {
    return join(this.#options.folder, id)
  }

  /** Tells how many rows of a data set are done. */
  teller(name: string, phase: string, total: number): (done: number) => void {
    return (done) => this.#options.onReading({ name, phase, done, total })
  }

  list(): readonly StoredDataset[] {
    return this.#options.index.list()
  }

  /** The data set's own table, for the trainer to read. */
  tablePath(id: string): string {
    return join(this.#options.folder, id, this.stored(id).file)
  }

  /** Its rows, for pages. */
  rowsPath(id: string): string {
    return join(this.#options.folder, this.stored(id).id, 'rows.jsonl')
  }

  /** All versions of one file. */
  family(root: string): readonly StoredDataset[] {
    return this.#options.index.list().filter((each) => each.root === root)
  }

  /** A data set that is listed and whose folder is there; one that lies in the bin comes back. */
  async known(id: string): Promise<StoredDataset | null> {
    await this.#options.restore(id)
    const known = this.#options.index.find(id)
    return known && (await exists(join(this.#options.folder, id))) ? known : null
  }

  /** Works in a folder of a project's beside the data sets that is gone afterwards, unless it became one of them. */
  async aside<T>(project: ProjectId, work: (aside: string) => Promise<T>): Promise<T> {
    const { folder } = this.#options
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const aside = await mkdtemp(join(folder, '.new-'))
    keyRing.belong({ id: basename(aside), project })
    try {
      return await work(aside)
    } finally {
      await rm(aside, { recursive: true, force: true })
    }
  }

  /** Reads the table in `aside` and lays down its rows. */
  async scan(aside: string, file: string, name: string, hidden: string | null = null): Promise<Scanned> {
    const onRows = (done: number): void => this.#options.onReading({ name, phase: 'reading', done, total: 0 })
    return scanTable(join(aside, file), join(aside, 'rows.jsonl'), { onRows, hidden })
  }

  /** Makes `aside` the folder of a data set. */
  async keep(aside: string, stored: StoredDataset): Promise<DatasetSummary> {
    const { folder, index } = this.#options
    keyRing.belong({ id: stored.id, project: stored.project })
    await writeJsonAtomic(join(aside, 'dataset.json'), stored)
    await rm(join(folder, stored.id), { recursive: true, force: true })
    await rename(aside, join(folder, stored.id))
    index.save(stored)
    return summaryOf(stored)
  }

  /** What a reading found out. */
  facts({ format, columns, rows }: Scanned): Pick<StoredDataset, 'columns' | 'rows' | 'readAs' | 'addedAt'> {
    return {
      columns: columns.map((facts) => ({
        name: facts.name,
        looksLike: looksLike(facts),
        distinct: facts.distinct,
        empty: facts.empty
      })),
      rows,
      readAs: { encoding: encodingTitles[format.encoding], delimiter: format.delimiter },
      addedAt: this.#options.now()
    }
  }

  /** Writes what may change of a data set: its roles, and how it is divided. */
  async change(stored: StoredDataset): Promise<void> {
    await writeJsonAtomic(join(this.#options.folder, stored.id, 'dataset.json'), stored)
    this.#options.index.saveChoices(stored)
  }
}

/** Encodings as people know them. */
export const encodingTitles = {
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

export function summaryOf({ file: _file, hash: _hash, kept: _kept, ...summary }: StoredDataset): DatasetSummary {
  return summary
}
