import { createHash } from 'node:crypto'
import { rename, rm, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { DatasetId } from '../../../preload/contract/common.ts'
import type { DatasetSummary, DataEdit, ReadAs, ReadPreview } from '../../../preload/contract/data.ts'
import { InputError } from '../../base/errors.ts'
import { ifThere } from '../../base/if-there.ts'
import { inOwnName } from '../own-name.ts'
import { divisionOf } from './division.ts'
import { originalIn, previewOf, readNote, rereadTable, WORKBOOK } from './reread.ts'
import { guessRoles } from './roles.ts'
import type { Scanned } from './scan.ts'
import { encodingTitles, summaryOf, type Shelf, type StoredDataset } from './shelf.ts'
import { splitWithTest, writeWithTest } from './test-file.ts'
import { writeReplaced, writeRevision, type Origin, type Revised } from './versions.ts'
import { RejectedWriter } from '../intake/rejected-file.ts'

/** The table of a version that was made here. */
const VERSION_FILE = 'table.jsonl'

/** Makes versions of data sets. */
export class VersionMaker {
  readonly #shelf: Shelf

  constructor(shelf: Shelf) {
    this.#shelf = shelf
  }

  /** By edits. Throws an InputError where nothing would change. */
  async revise(id: string, edits: readonly DataEdit[], note: string | null): Promise<DatasetSummary> {
    const from = this.#shelf.stored(id)
    return this.#shelf.aside(from.project, async (aside) => {
      const onRows = this.#shelf.teller(from.name, 'revising', from.rows)
      const revised = await writeRevision(this.#originOf(id), edits, join(aside, VERSION_FILE), onRows)
      return this.#settle(aside, from, note === null ? revised : { ...revised, note })
    })
  }

  /**
   * By rows that `make` lays down at the path that it is given, as many as there are; it answers with the note of the version. `beside`: a file that it may
   * leave in the same folder, which goes with the version; of one that was made before, what lies there stays.
   */
  async replaceRows(id: string, make: (rowsPath: string) => Promise<string>, beside?: string): Promise<DatasetSummary> {
    const from = this.#shelf.stored(id)
    return this.#shelf.aside(from.project, async (aside) => {
      const rows = join(aside, 'replaced.jsonl')
      const note = await make(rows)
      const onRows = this.#shelf.teller(from.name, 'revising', from.rows)
      const revised = await writeReplaced(this.#originOf(id), rows, note, join(aside, VERSION_FILE), onRows)
      await rm(rows)
      await rm(`${rows}.idx`)
      const made = await this.#settle(aside, from, revised)
      if (beside !== undefined) await moveIfNew(join(aside, beside), join(this.#shelf.folderOf(made.id), beside))
      return made
    })
  }

  /** By putting the rows of another data set beside its own, as the test. */
  async testOn(id: string, other: string): Promise<DatasetSummary> {
    const from = this.#shelf.stored(id)
    const { name, columns } = this.#shelf.stored(other)
    const test = { name, rows: this.#shelf.rowsPath(other), columns: columns.map((column) => column.name) }
    return this.#shelf.aside(from.project, async (aside) => {
      const onRows = this.#shelf.teller(from.name, 'revising', from.rows)
      const { hash, note, column } = await writeWithTest(this.#originOf(id), test, join(aside, VERSION_FILE), onRows)
      const parent = { ...from, split: splitWithTest(from.split, column) }
      return this.#settle(aside, parent, { hash, note, roles: from.roles, kept: null })
    })
  }

  #originOf(id: string): Origin {
    const from = this.#shelf.stored(id)
    return {
      table: this.#shelf.tablePath(id),
      rows: this.#shelf.rowsPath(id),
      columns: from.columns.map((column) => column.name),
      roles: from.roles,
      division: divisionOf(from.split, from.kept, from.roles)
    }
  }

  /** What the file would look like, read in another way. */
  async preview(id: string, read: ReadAs): Promise<ReadPreview> {
    const original = await this.#original(id)
    return previewOf(original, read).catch((error: unknown) => {
      throw inOwnName(error, this.#shelf.stored(id).name, original)
    })
  }

  /** By reading the person's file in another way. Corrections stay in the versions that have them. */
  async reread(id: string, read: ReadAs): Promise<DatasetSummary> {
    const from = this.#shelf.stored(id)
    const original = await this.#original(id)
    return this.#shelf.aside(from.project, async (aside) => {
      const rejected = new RejectedWriter(aside)
      const { hash, format, columns } = await rereadTable(original, read, join(aside, VERSION_FILE), { onRejected: rejected.add })
        .catch((error: unknown) => {
          throw inOwnName(error, from.name, original)
        })
        .finally(() => rejected.close())
      const isWorkbook = extname(original) === '.xlsx'
      const named = [from.roles.text, from.roles.textPair, from.roles.answer, from.roles.group].filter((name) => name !== null)
      const keepsRoles = named.every((name) => columns.includes(name))
      const readAs = isWorkbook ? WORKBOOK : { encoding: encodingTitles[format.encoding], delimiter: format.delimiter }
      const still = (column: string | null): string | null => (column !== null && columns.includes(column) ? column : null)
      const split = { ...from.split, column: still(from.split.column), date: still(from.split.date) }
      const parent = { ...from, readAs, split }
      const revised = { hash, note: readNote(read, format, isWorkbook), roles: from.roles, kept: null }
      return this.#settle(aside, parent, revised, keepsRoles ? null : (scanned) => guessRoles(scanned.columns))
    })
  }

  async #original(id: string): Promise<string> {
    const { root } = this.#shelf.stored(id)
    const first = this.#shelf.find(root)
    if (first) return originalIn(this.#shelf.folderOf(root), first.file)
    throw new InputError('original-gone', 'The file as it was opened is no longer here. Open it again, then say how to read it.')
  }

  /** Puts a new table beside the version that it was made from. */
  async #settle(
    aside: string,
    from: StoredDataset,
    { hash, note, roles, kept }: Revised,
    rolesOf: ((scanned: Scanned) => StoredDataset['roles']) | null = null
  ): Promise<DatasetSummary> {
    const id = `d-${createHash('sha256').update(`${from.root} ${hash}`).digest('hex').slice(0, 20)}` as DatasetId // Minted here.
    const known = await this.#shelf.known(id)
    if (known) return summaryOf(known)
    const scanned = await this.#shelf.scan(aside, VERSION_FILE, from.name, kept?.column ?? null)
    const version = 1 + Math.max(...this.#shelf.family(from.root).map((each) => each.version))
    const { columns, rows, addedAt } = this.#shelf.facts(scanned)
    const made = { id, parent: from.id, version, note, hash, kept, columns, rows, addedAt, file: VERSION_FILE }
    return this.#shelf.keep(aside, { ...from, ...made, roles: rolesOf?.(scanned) ?? roles })
  }
}

/** Moves a file, if it is there, to where none is. */
async function moveIfNew(from: string, to: string): Promise<void> {
  const isThere = async (path: string): Promise<boolean> => (await ifThere(stat(path))) !== null
  if ((await isThere(from)) && !(await isThere(to))) await rename(from, to)
}
