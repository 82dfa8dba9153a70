import type { DatasetId, FileHandle } from '../../../preload/contract/common.ts'
import type { DataEvents, DatasetSummary, ReadAs } from '../../../preload/contract/data.ts'
import { isDocument } from '../lib/dropped-files.ts'
import { wayOf } from '../lib/failures.ts'
import { words } from '../lib/words/index.ts'
import { attuneError, type Api, type AttuneError } from '../lib/api.ts'
import type { DroppedDataFolder } from '../lib/dropped-folder.ts'

type IntakeApi = Pick<Api, 'data' | 'intake' | 'fileOf' | 'dataFolderOf' | 'choose'>

/** Failures that are about a single row of a table. */
const ROWS_AT_FAULT: readonly string[] = [
  ...['data_row_ragged', 'data_quote_misplaced', 'data_quote_unclosed', 'data_line_too_long'],
  ...['data_json_invalid', 'data_json_nested', 'data_json_not_object']
]

/** The way in for files: dropped or chosen, read by main, opened as data. */
export class Intake {
  #reading = $state.raw<DataEvents['reading'] | null>(null)
  #failure = $state.raw<AttuneError | null>(null)
  #failed = $state.raw<FileHandle | null>(null)
  readonly #api: IntakeApi
  readonly #opened: (dataset: DatasetSummary) => void

  constructor(api: IntakeApi, opened: (dataset: DatasetSummary) => void) {
    this.#api = api
    this.#opened = opened
  }

  /** What is being read just now. */
  get reading(): DataEvents['reading'] | null {
    return this.#reading
  }

  /** Why the last file could not be opened. */
  get failure(): AttuneError | null {
    return this.#failure
  }

  /** The file that could not be opened, where it may be read in another way; null where that would not help. */
  get unread(): FileHandle | null {
    return this.#failure !== null && wayOf(this.#failure.code) === 'read' ? this.#failed : null
  }

  /** Whether single rows are at fault: the others can be read without them. */
  get canLeaveOut(): boolean {
    return this.#failed !== null && ROWS_AT_FAULT.includes(this.#failure?.code ?? '')
  }

  follow(): () => void {
    return this.#api.data.on('reading', (progress) => {
      if (this.#reading !== null) this.#reading = progress
    })
  }

  /** Opens what was dropped: one table, several, or text files as documents. Of several that cannot be opened, the first is told. */
  async drop(files: readonly File[]): Promise<void> {
    const documents = files.filter(isDocument)
    if (documents.length > 0 && documents.length >= files.length / 2) return this.#documents(documents)
    let first: { readonly failure: AttuneError; readonly failed: FileHandle | null } | null = null
    for (const file of files) {
      this.#failed = null
      await this.#read(file.name, async () => this.#open(await this.#api.fileOf(file)))
      if (this.#failure !== null) first ??= { failure: this.#failure, failed: this.#failed }
    }
    // What was opened after it does not make it good.
    if (first !== null) [this.#failure, this.#failed] = [first.failure, first.failed]
  }

  async #documents(files: readonly File[]): Promise<void> {
    const name = words.home.documents(files.length)
    await this.#read(name, async () => {
      const handles = []
      for (const file of files) {
        handles.push(await this.#api.fileOf(file))
        if (this.#reading) this.#reading = { ...this.#reading, done: handles.length, total: files.length }
      }
      return this.#api.data.openDocuments(handles)
    })
  }

  /** Opens a dropped folder as a whole. */
  async dropFolder({ file, contents }: DroppedDataFolder): Promise<void> {
    this.#failed = null
    await this.#read(file.name, async () => {
      const onSent = (done: number, total: number): void => {
        if (this.#reading) this.#reading = { ...this.#reading, phase: 'copying', done, total }
      }
      return this.#api.intake.openFolder(await this.#api.dataFolderOf(file, contents, onSent))
    })
  }

  /** Asks for a folder and opens it as a whole. */
  async chooseFolder(): Promise<void> {
    const handle = await this.#api.choose('data-folder')
    this.#failed = null
    if (handle !== null) await this.#read('', () => this.#api.intake.openFolder(handle))
  }

  /** Ends the reading that is going on. */
  async stop(): Promise<void> {
    await this.#api.intake.stop()
  }

  /** Opens the file that could not be read without the rows that cannot be read. */
  async leaveOut(): Promise<void> {
    if (this.#failed !== null) await this.openAs(this.#failed, { leaveOut: true })
  }

  async choose(): Promise<void> {
    const handle = await this.#api.choose('table')
    if (handle !== null) await this.#read('', () => this.#open(handle))
  }

  /** Opens the file that could not be read, in the way that the person chose. Resolves to whether it is open. */
  async openAs(file: FileHandle, read: ReadAs): Promise<boolean> {
    return (await this.#read('', () => this.#api.data.openAs({ file, read }))) !== null
  }

  #open(handle: FileHandle): Promise<DatasetSummary> {
    this.#failed = handle
    return this.#api.data.open(handle)
  }

  async sample(id: string): Promise<DatasetId | null> {
    const dataset = await this.#read('', () => this.#api.data.openSample(id))
    return dataset?.id ?? null
  }

  async #read(name: string, open: () => Promise<DatasetSummary>): Promise<DatasetSummary | null> {
    if (this.#reading !== null) return null
    this.#failure = null
    this.#reading = { name, phase: 'reading', done: 0, total: 0 }
    try {
      const dataset = await open()
      this.#opened(dataset)
      return dataset
    } catch (thrown) {
      const failure = attuneError(thrown)
      // Whoever stopped it knows.
      this.#failure = failure.code === 'reading-stopped' ? null : failure
      return null
    } finally {
      this.#reading = null
    }
  }
}
