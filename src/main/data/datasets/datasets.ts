import { basename, join } from 'node:path'
import type {
  DatasetReport,
  DatasetSummary,
  DatasetVersion,
  PracticeData,
  ReadAs,
  ReadPreview,
  Revision,
  Roles,
  RowsPage,
  SplitSettings
} from '../../../preload/contract/data.ts'
import { InputError } from '../../base/errors.ts'
import { DOCUMENT_ENDINGS } from '../../base/file-types.ts'
import { counted } from '../../base/wording.ts'
import { documentKind } from '../documents/kinds.ts'
import type { Rejected } from '../documents/rejected.ts'
import type { FoundFile } from '../documents/walk-folder.ts'
import { soleTable } from '../importers/folder.ts'
import { readRejected, rejectedCount } from '../intake/rejected-file.ts'
import { withOwnName } from '../own-name.ts'
import { named, Opener, type OpenerOptions } from './opener.ts'
import { reportOn } from './report.ts'
import { Reports, type Inspect } from './reports.ts'
import { marksColumn, missingRole } from './roles.ts'
import { allRows, readRows, readRowsAtLines, type StoredRow } from './rows-file.ts'
import { samples, sampleOf } from './samples.ts'
import { divisionOf, type Division } from './division.ts'
import { previewOf } from './reread.ts'
import { Shelf, summaryOf, type ShelfOptions, type StoredDataset } from './shelf.ts'
import { VersionMaker } from './version-maker.ts'

export type { DatasetIndex, StoredDataset } from './shelf.ts'
export type { ProjectMaker } from './opener.ts'

export interface DatasetsOptions extends ShelfOptions, OpenerOptions {
  readonly samplesFolder: string
  /** How data are looked through; in this process where left out. */
  readonly inspect?: Inspect
}

/** Longest cell that a page of rows shows. */
const SHOWN_CHARACTERS = 2000
const MOST_ROWS_A_PAGE = 1000

/** Tables of the person's own and the practice sets: each an unchanging copy in the data folder, named after its content. */
export class Datasets {
  readonly #options: DatasetsOptions
  readonly #shelf: Shelf
  readonly #maker: VersionMaker
  readonly #opener: Opener
  readonly #reports: Reports

  constructor(options: DatasetsOptions) {
    this.#options = options
    this.#shelf = new Shelf(options)
    this.#reports = new Reports(options.inspect ?? ((input) => reportOn(input)))
    this.#maker = new VersionMaker(this.#shelf)
    this.#opener = new Opener(options, this.#shelf)
  }

  samples(): readonly PracticeData[] {
    return samples.map(({ id, title, about, roles }) => ({ id, title, about, task: roles.task }))
  }

  async openSample(id: string): Promise<DatasetSummary> {
    const sample = sampleOf(id)
    return this.#opener.table(join(this.#options.samplesFolder, sample.file), sample.file, sample)
  }

  /** Opens a file of the person's own, as it is recognised or as `read` says. Throws an InputError where it is no table. */
  async open(path: string, name = basename(path), read: ReadAs = {}): Promise<DatasetSummary> {
    return this.#opener.table(path, name, null, read)
  }

  /** The first rows of a file of the person's own, read as `read` says. */
  async previewFile(path: string, name: string, read: ReadAs): Promise<ReadPreview> {
    return previewOf(path, read).catch(named(name, path))
  }

  /** Makes one table of many documents. Throws an InputError where none of them can be read. */
  async openDocuments(files: readonly FoundFile[]): Promise<DatasetSummary> {
    if (files.filter(({ name }) => documentKind(name) !== null).length < 2) throw tooFew(files.length)
    return this.#opener.documents({ files }, null)
  }

  /** Makes one table of a folder: of its documents, or of the files of one data set. Throws an InputError where nothing in it can be read. */
  async openFolder(root: string, name: string): Promise<DatasetSummary> {
    // A folder around one table is that table.
    const only = await soleTable(root)
    return only ? this.#opener.table(only.path, basename(only.name), null) : this.#opener.documents({ root }, name)
  }

  /** Ends the reading of a file or folder: nothing of it is kept. */
  stopReading(): void {
    this.#opener.stop()
  }

  /** What was left out of a data set, or of the file that it was made from. */
  async rejected(
    id: string,
    from: number,
    count: number
  ): Promise<{ readonly total: number; readonly items: readonly Rejected[] }> {
    const { folder, name, total } = await this.#rejectedOf(id)
    const items = total === 0 ? [] : await readRejected(folder, from, count)
    // The copy has another name than the person's file.
    const own = (text: string): string => withOwnName(text, name)
    return { total, items: items.map((one) => ({ ...one, file: own(one.file), reason: own(one.reason) })) }
  }

  list(): readonly DatasetSummary[] {
    return this.#shelf.list().map(summaryOf)
  }

  get(id: string): DatasetSummary {
    return summaryOf(this.#shelf.stored(id))
  }

  /** Its rows as they lie for paging. */
  rowsPathOf(id: string): string {
    return this.#shelf.rowsPath(id)
  }

  /** The data set's own table, for the trainer to read. */
  pathOf(id: string): string {
    return this.#shelf.tablePath(id)
  }

  async rows({ id, from, count }: { readonly id: string; readonly from: number; readonly count: number }): Promise<RowsPage> {
    this.#shelf.stored(id)
    const rows = await readRows(this.#shelf.rowsPath(id), from, Math.min(count, MOST_ROWS_A_PAGE))
    return { from, ...pageOf(rows) }
  }

  /** The rows that start at these lines of the file; lines at which none starts are left out. */
  async rowsAt(id: string, lines: readonly number[]): Promise<Omit<RowsPage, 'from'>> {
    const found = await readRowsAtLines(this.#shelf.rowsPath(id), lines.slice(0, MOST_ROWS_A_PAGE))
    return pageOf([...found].map(([line, cells]) => ({ line, cells })))
  }

  /** Up to `count` texts from all over the data set, and of each at most `characters`. */
  async someTexts(id: string, count: number, characters: number): Promise<readonly string[]> {
    const { columns, roles, rows } = this.#shelf.stored(id)
    const at = columns.findIndex(({ name }) => name === roles.text)
    const step = Math.max(1, Math.floor(rows / count))
    const places = Array.from({ length: Math.min(count, rows) }, (_, i) => i * step)
    const found = await Promise.all(places.map((place) => readRows(this.#shelf.rowsPath(id), place, 1)))
    return found.map(([row]) => (row?.cells[at] ?? '').slice(0, characters)).filter((text) => text !== '')
  }

  /** The cells of one column at these lines of the file, which are read through once. */
  async columnAt(id: string, column: string, lines: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const at = this.#shelf.stored(id).columns.findIndex(({ name }) => name === column)
    const wanted = new Set(lines)
    const found = new Map<number, string>()
    for await (const { line, cells } of allRows(this.#shelf.rowsPath(id))) if (wanted.has(line)) found.set(line, cells[at] ?? '')
    return found
  }

  /** The texts that stand at these lines of the file. */
  async textsAt(id: string, lines: readonly number[], role: 'text' | 'textPair' = 'text'): Promise<ReadonlyMap<number, string>> {
    const { columns, roles } = this.#shelf.stored(id)
    const at = columns.findIndex(({ name }) => name === roles[role])
    const rows = await readRowsAtLines(this.#shelf.rowsPath(id), lines)
    return new Map([...rows].map(([line, cells]) => [line, cells[at] ?? '']))
  }

  /** How the rows are divided under the present roles. */
  divisionOf(id: string): Division {
    const { split, kept, roles } = this.#shelf.stored(id)
    return divisionOf(split, kept, roles)
  }

  /** Every row in order, with its cells in the order of the columns. */
  allRows(id: string): AsyncGenerator<StoredRow, void, undefined> {
    return allRows(this.#shelf.rowsPath(id))
  }

  /** The cells of the row that starts at a line, by column. */
  async cellsAt(id: string, line: number): Promise<ReadonlyMap<string, string>> {
    const { columns } = this.#shelf.stored(id)
    const cells = (await readRowsAtLines(this.#shelf.rowsPath(id), [line])).get(line) ?? []
    return new Map(columns.map(({ name }, i) => [name, cells[i] ?? '']))
  }

  /** Where what was done while labelling is kept: it goes when the data set goes. */
  journalPath(id: string, of: 'labels' | 'marks' = 'labels'): string {
    return join(this.#options.folder, this.#shelf.stored(id).id, `${of}.jsonl`)
  }

  async setRoles(id: string, roles: Roles): Promise<DatasetReport> {
    await this.#shelf.change({ ...this.#shelf.stored(id), roles })
    return this.report(id)
  }

  /** Divides the rows anew: parts kept from the version before are let go. */
  async setSplit(id: string, split: SplitSettings): Promise<DatasetReport> {
    await this.#shelf.change({ ...this.#shelf.stored(id), split, kept: null })
    return this.report(id)
  }

  async report(id: string): Promise<DatasetReport> {
    const { id: own, name, roles, rows, columns } = this.#shelf.stored(id)
    const division = this.divisionOf(id)
    const names = columns.map((column) => column.name)
    const [missing, marks] = [missingRole(roles, names), marksColumn(roles, columns)]
    const report = await this.#reports.get({ id: own, path: this.pathOf(id), roles, division, rows, missing, marks })
    const findings = report.findings.map((each) => ({ ...each, sentence: withOwnName(each.sentence, name) }))
    return { ...report, findings, blocked: report.blocked && withOwnName(report.blocked, name) }
  }

  /** Every version of the same file, the first one first. */
  versions(id: string): readonly DatasetVersion[] {
    return this.#shelf
      .family(this.#shelf.stored(id).root)
      .map(({ id: own, root, parent, version, note, rows, addedAt }) => ({ id: own, root, parent, version, note, rows, addedAt }))
      .toSorted((a, b) => a.version - b.version)
  }

  /** Makes a new version; the one that it is made from stays as it is. Throws an InputError where nothing would change. */
  async revise({ id, edits, note }: Revision): Promise<DatasetSummary> {
    return this.#maker.revise(id, edits, note)
  }

  /** Makes a new version of rows that `make` lays down for paging, each at its line; it answers with what was changed. `beside`: a file that it leaves there for the version. */
  async replaceRows(id: string, make: (rowsPath: string) => Promise<string>, beside?: string): Promise<DatasetSummary> {
    return this.#maker.replaceRows(id, make, beside)
  }

  /** Where a data set's own files lie. */
  folderOf(id: string): string {
    return this.#shelf.folderOf(this.#shelf.stored(id).id)
  }

  /** Makes a new version in which the rows of another data set are the test. Throws an InputError where that lacks a column. */
  async testOn({ id, test }: { readonly id: string; readonly test: string }): Promise<DatasetSummary> {
    return this.#maker.testOn(id, test)
  }

  /** The first rows of the person's file, read in another way. */
  async preview({ id, read }: { readonly id: string; readonly read: ReadAs }): Promise<ReadPreview> {
    return this.#maker.preview(id, read)
  }

  /** Reads the person's file in another way, into a new version. */
  async reread({ id, read }: { readonly id: string; readonly read: ReadAs }): Promise<DatasetSummary> {
    return this.#maker.reread(id, read)
  }

  async #rejectedOf(id: string): Promise<{ readonly folder: string; readonly name: string; readonly total: number }> {
    for (let at: StoredDataset | null = this.#shelf.stored(id); at !== null; at = at.parent && this.#shelf.find(at.parent)) {
      const folder = this.#shelf.folderOf(at.id)
      const total = await rejectedCount(folder)
      if (total !== null) return { folder, name: at.name, total }
    }
    return { folder: this.#shelf.folderOf(id), name: '', total: 0 }
  }
}

const tooFew = (files: number): InputError =>
  new InputError(
    'documents-too-few',
    `${counted(files, 'file was', 'files were')} dropped. Drop the documents together: at least two files that end in ${DOCUMENT_ENDINGS.join(', ')}.`
  )

const pageOf = (rows: readonly StoredRow[]): Omit<RowsPage, 'from'> => ({
  lines: rows.map(({ line }) => line),
  rows: rows.map(({ cells }) => cells.map((cell) => cell.slice(0, SHOWN_CHARACTERS)))
})
