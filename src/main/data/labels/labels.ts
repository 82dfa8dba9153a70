import type { DatasetId, RunId } from '../../../preload/contract/common.ts'
import type { DataEdit, DatasetSummary } from '../../../preload/contract/data.ts'
import type { LabelBook, LabelDocument, LabelFilter, LabelQueue, LabelRow, Suggestion } from '../../../preload/contract/labels.ts'
import type { Answer } from '../../../preload/contract/runs.ts'
import { InputError } from '../../base/errors.ts'
import type { Datasets } from '../datasets/datasets.ts'
import { Book } from './book.ts'
import { labelEntry, type LabelEntry } from './entries.ts'
import { Journal } from './journal.ts'

export interface LabelsOptions {
  readonly datasets: Datasets
  /** The run that can suggest labels for a data set; null where there is none. */
  readonly suggesterOf: (dataset: DatasetSummary) => { readonly run: RunId; readonly name: string } | null
  readonly answer: (request: { readonly id: RunId; readonly texts: readonly string[] }) => Promise<readonly Answer[]>
  /** ISO 8601. */
  readonly now: () => string
}

interface OpenBook {
  readonly book: Book
  readonly journal: Journal<LabelEntry>
  readonly column: string
  readonly isNewColumn: boolean
  readonly suggestions: Map<number, Suggestion>
  savedAt: string | null
}

const QUEUE = 5000
const PREVIEW_CHARACTERS = 160
/** Texts that are looked at to find the doubtful ones. */
const DOUBTFUL = 500

/** Labelling: a journal over a data set that never changes, and new versions from it. */
export class Labels {
  readonly #options: LabelsOptions
  readonly #open = new Map<string, Promise<OpenBook>>()
  /** What is being written, so that marks reach the journal in their order. */
  #writing: Promise<unknown> = Promise.resolve()

  constructor(options: LabelsOptions) {
    this.#options = options
  }

  async open(id: DatasetId): Promise<LabelBook> {
    return this.#shown(id, await this.#book(id))
  }

  async queue({ id, filter }: { readonly id: DatasetId; readonly filter: LabelFilter }): Promise<LabelQueue> {
    const open = await this.#book(id)
    const lines = open.book.linesOf(filter)
    if (filter !== 'doubtful') return { lines: lines.slice(0, QUEUE), total: lines.length }
    const looked = lines.slice(0, DOUBTFUL)
    const suggestions = new Map((await this.suggest({ id, lines: looked })).map((one) => [one.line, one.sureness]))
    const sorted = looked.toSorted((a, b) => (suggestions.get(a) ?? 1) - (suggestions.get(b) ?? 1))
    return { lines: sorted, total: sorted.length }
  }

  async rows({ id, lines }: { readonly id: DatasetId; readonly lines: readonly number[] }): Promise<readonly LabelRow[]> {
    const { book } = await this.#book(id)
    const texts = await this.#options.datasets.textsAt(id, lines)
    return lines.map((line) => ({
      line,
      position: book.at(line) + 1,
      preview: (texts.get(line) ?? '').slice(0, PREVIEW_CHARACTERS).replace(/\s+/g, ' '),
      value: book.valueAt(book.at(line)),
      skipped: book.isSkipped(line)
    }))
  }

  async document({ id, line }: { readonly id: DatasetId; readonly line: number }): Promise<LabelDocument> {
    const { book } = await this.#book(id)
    const row = book.at(line)
    const { roles } = this.#options.datasets.get(id)
    const cells = await this.#options.datasets.cellsAt(id, line)
    const pair = roles.textPair === null ? null : (cells.get(roles.textPair) ?? '')
    const text = cells.get(roles.text ?? '') ?? ''
    return { line, position: row + 1, text, pair, value: book.valueAt(row), skipped: book.isSkipped(line) }
  }

  async mark({
    id,
    line,
    value
  }: {
    readonly id: DatasetId
    readonly line: number
    readonly value: string | null
  }): Promise<LabelBook> {
    return this.#write(id, { do: 'mark', line, value: value ?? '' })
  }

  async skip({
    id,
    line,
    skipped
  }: {
    readonly id: DatasetId
    readonly line: number
    readonly skipped: boolean
  }): Promise<LabelBook> {
    return this.#write(id, { do: 'skip', line, skipped })
  }

  async setClass({
    id,
    name,
    key
  }: {
    readonly id: DatasetId
    readonly name: string
    readonly key: string | null
  }): Promise<LabelBook> {
    const { book } = await this.#book(id)
    if (book.separator !== null && name.includes(book.separator))
      throw new InputError('label-class-name', `A class cannot have '${book.separator}' in its name: that divides classes here.`)
    const known = book.classes().find((one) => one.name === name)
    return this.#write(id, { do: 'class', name, key: key ?? known?.key ?? book.freeKey() })
  }

  async renameClass({
    id,
    from,
    to
  }: {
    readonly id: DatasetId
    readonly from: string
    readonly to: string
  }): Promise<LabelBook> {
    return this.#write(id, { do: 'rename', from, to })
  }

  /** What a trained run of these data thinks of some rows; none where there is no such run. */
  async suggest({ id, lines }: { readonly id: DatasetId; readonly lines: readonly number[] }): Promise<readonly Suggestion[]> {
    const { suggestions } = await this.#book(id)
    const { datasets, suggesterOf, answer } = this.#options
    const suggester = suggesterOf(datasets.get(id))
    if (suggester === null) return []
    const asked = lines.filter((line) => !suggestions.has(line)).slice(0, DOUBTFUL)
    if (asked.length > 0) {
      const texts = await datasets.textsAt(id, asked)
      const answers = await answer({ id: suggester.run, texts: asked.map((line) => texts.get(line) ?? '') })
      for (const [i, line] of asked.entries()) {
        const { label = '', probabilities } = answers[i] ?? {}
        const sureness = Math.max(0, ...(probabilities ?? []).map(({ value }) => value))
        suggestions.set(line, { line, label, sureness })
      }
    }
    return lines.flatMap((line) => suggestions.get(line) ?? [])
  }

  /** Makes a new version with the marks; the journal then starts anew over it. Throws an InputError where there are none. */
  async use(id: DatasetId): Promise<DatasetSummary> {
    await this.#writing
    const { book, journal, column, isNewColumn } = await this.#book(id)
    const cells = [...book.marks].map(([line, value]) => ({ line, column, value }))
    const renames = isNewColumn
      ? []
      : book.renames.map(({ from, to }): DataEdit => ({ kind: 'rename', column, from: [from], to }))
    const edits: DataEdit[] = [
      ...(isNewColumn ? [{ kind: 'add-column', column } as const] : []),
      ...renames,
      { kind: 'set', cells }
    ]
    const made = await this.#options.datasets.revise({ id, edits, note: null })
    const next = new Journal(this.#options.datasets.journalPath(made.id), labelEntry)
    const kept = new Set((await next.read()).flatMap((entry) => (entry.do === 'class' ? [entry.name] : [])))
    await next.add([
      ...book.classes().flatMap(({ name, key }): LabelEntry[] => (kept.has(name) ? [] : [{ do: 'class', name, key }])),
      ...[...book.skipped].map((line): LabelEntry => ({ do: 'skip', line, skipped: true }))
    ])
    await journal.remove()
    this.#open.delete(id)
    this.#open.delete(made.id)
    return made
  }

  async dispose(): Promise<void> {
    await this.#writing
  }

  async #write(id: DatasetId, entry: LabelEntry): Promise<LabelBook> {
    const open = await this.#book(id)
    if ('line' in entry) open.book.at(entry.line)
    const written = this.#writing.then(() => open.journal.add([entry]))
    this.#writing = written.catch(() => undefined)
    await written.catch((error: unknown) => {
      const message = 'This mark could not be saved: the disk refused it. Make room or reconnect the drive, then try again.'
      throw new InputError('label-not-saved', message, undefined, { cause: error })
    })
    open.book.apply(entry)
    open.savedAt = this.#options.now()
    return this.#shown(id, open)
  }

  #shown(id: DatasetId, { book, column, savedAt }: OpenBook): LabelBook {
    const suggester = this.#options.suggesterOf(this.#options.datasets.get(id))
    const { separator, total, labelled, pending } = book
    return {
      id,
      column,
      separator,
      classes: book.classes(),
      total,
      labelled,
      pending,
      savedAt,
      missing: book.missing(),
      suggester
    }
  }

  #book(id: DatasetId): Promise<OpenBook> {
    const known = this.#open.get(id)
    if (known) return known
    const opened = this.#read(id)
    this.#open.set(id, opened)
    opened.catch(() => this.#open.delete(id))
    return opened
  }

  async #read(id: DatasetId): Promise<OpenBook> {
    const { datasets } = this.#options
    const { roles, columns } = datasets.get(id)
    if (roles.text === null) throw new InputError('labels-no-text', 'First choose the column with the text.')
    if (roles.task === 'regression')
      throw new InputError('labels-number', 'These data predict a number. To label them with classes, choose "as a class" above.')
    const names = columns.map(({ name }) => name)
    // Classes of whole texts stand beside the marks of their passages, not in their place.
    const labels = roles.task === 'token-classification' ? null : roles.answer
    const column = labels ?? freeName(names)
    const [text, answer] = [names.indexOf(roles.text), names.indexOf(column)]
    const book = new Book(roles.separator)
    for await (const { line, cells } of datasets.allRows(id))
      book.addRow(line, cells[answer] ?? '', (cells[text] ?? '').trim() !== '')
    const journal = new Journal(datasets.journalPath(id), labelEntry)
    const entries = await journal.read()
    for (const entry of entries) if (entry.do === 'class') book.apply(entry)
    book.nameKeys()
    for (const entry of entries) book.apply(entry)
    return { book, journal, column, isNewColumn: labels === null, suggestions: new Map(), savedAt: null }
  }
}

function freeName(columns: readonly string[]): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'label' : `label ${n}`
    if (!columns.includes(name)) return name
  }
}
