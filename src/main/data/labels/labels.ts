import type { DatasetId, RunId } from '../../../preload/contract/common.ts'
import type { DataEdit, DatasetSummary } from '../../../preload/contract/data.ts'
import type {
  LabelAgreement,
  LabelBook,
  LabelDocument,
  LabelFilter,
  LabelQueue,
  LabelRow,
  Suggestion,
  TwoPeople
} from '../../../preload/contract/labels.ts'
import type { Answer } from '../../../preload/contract/runs.ts'
import { InputError } from '../../base/errors.ts'
import type { Datasets } from '../datasets/datasets.ts'
import { agreementOf, type CompareClasses } from './agreement.ts'
import { labelEntry, type LabelEntry } from './entries.ts'
import { Journal } from './journal.ts'
import { applyEntry, bookOf, carriedOf, readBook, resultsOf, type OpenBook } from './open-book.ts'

export interface LabelsOptions {
  readonly datasets: Datasets
  /** The run that can suggest labels for a data set; null where there is none. */
  readonly suggesterOf: (dataset: DatasetSummary) => { readonly run: RunId; readonly name: string } | null
  readonly answer: (request: { readonly id: RunId; readonly texts: readonly string[] }) => Promise<readonly Answer[]>
  readonly compare: CompareClasses
  /** Places of texts, each as unlike those before it and those that are labelled as can be. */
  readonly order: (texts: readonly string[], labelled: readonly string[]) => Promise<readonly number[]>
  /** ISO 8601. */
  readonly now: () => string
}

interface InLabels {
  readonly id: DatasetId
  /** Whose labels; the data's own where left out. */
  readonly by?: string | undefined
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

  async open({ id, by }: InLabels): Promise<LabelBook> {
    return this.#shown(id, await this.#book(id), by)
  }

  async queue({ id, by = '', filter }: InLabels & { readonly filter: LabelFilter }): Promise<LabelQueue> {
    const book = bookOf(await this.#book(id), by)
    const lines = book.linesOf(filter)
    if (filter === 'diverse') return this.#diverse(id, lines, book.linesOf('labelled'))
    if (filter !== 'doubtful') return { lines: lines.slice(0, QUEUE), total: lines.length }
    const looked = lines.slice(0, DOUBTFUL)
    const suggestions = new Map((await this.suggest({ id, lines: looked })).map((one) => [one.line, one.sureness]))
    const sorted = looked.toSorted((a, b) => (suggestions.get(a) ?? 1) - (suggestions.get(b) ?? 1))
    return { lines: sorted, total: sorted.length }
  }

  async rows({ id, by = '', lines }: InLabels & { readonly lines: readonly number[] }): Promise<readonly LabelRow[]> {
    const book = bookOf(await this.#book(id), by)
    const texts = await this.#options.datasets.textsAt(id, lines)
    return lines.map((line) => ({
      line,
      position: book.at(line) + 1,
      preview: (texts.get(line) ?? '').slice(0, PREVIEW_CHARACTERS).replace(/\s+/g, ' '),
      value: book.valueAt(book.at(line)),
      skipped: book.isSkipped(line)
    }))
  }

  async document({ id, by = '', line }: InLabels & { readonly line: number }): Promise<LabelDocument> {
    const book = bookOf(await this.#book(id), by)
    const row = book.at(line)
    const { roles } = this.#options.datasets.get(id)
    const cells = await this.#options.datasets.cellsAt(id, line)
    const pair = roles.textPair === null ? null : (cells.get(roles.textPair) ?? '')
    const text = cells.get(roles.text ?? '') ?? ''
    return { line, position: row + 1, text, pair, value: book.valueAt(row), skipped: book.isSkipped(line) }
  }

  async mark({ id, by, line, value }: InLabels & { readonly line: number; readonly value: string | null }): Promise<LabelBook> {
    return this.#write({ id, by }, { do: 'mark', line, value: value ?? '', ...(by && { by }) })
  }

  async skip({ id, by, line, skipped }: InLabels & { readonly line: number; readonly skipped: boolean }): Promise<LabelBook> {
    return this.#write({ id, by }, { do: 'skip', line, skipped, ...(by && { by }) })
  }

  async setClass({ id, by, name, key }: InLabels & { readonly name: string; readonly key: string | null }): Promise<LabelBook> {
    const { book } = await this.#book(id)
    if (book.separator !== null && name.includes(book.separator))
      throw new InputError('label-class-name', `A class cannot have '${book.separator}' in its name: that divides classes here.`)
    const known = book.classes().find((one) => one.name === name)
    return this.#write({ id, by }, { do: 'class', name, key: key ?? known?.key ?? book.freeKey() })
  }

  async renameClass({ id, by, from, to }: InLabels & { readonly from: string; readonly to: string }): Promise<LabelBook> {
    return this.#write({ id, by }, { do: 'rename', from, to })
  }

  async agreement(two: TwoPeople): Promise<LabelAgreement> {
    return agreementOf(this.#options.datasets, two, await this.#book(two.id), this.#options.compare)
  }

  /** Says what is right in a row, whoever said what. */
  async settle({ id, by, line, value }: InLabels & { readonly line: number; readonly value: string }): Promise<LabelBook> {
    return this.#write({ id, by }, { do: 'settle', line, value })
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
    const open = await this.#book(id)
    const { book, journal, column, isNewColumn } = open
    const cells = [...new Map([...book.marks, ...resultsOf(open)])].map(([line, value]) => ({ line, column, value }))
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
      ...carriedOf(open)
    ])
    await journal.remove()
    this.#open.delete(id)
    this.#open.delete(made.id)
    return made
  }

  async dispose(): Promise<void> {
    await this.#writing
  }

  /** Some of the rows, each unlike those before it and those that were labelled. */
  async #diverse(id: DatasetId, lines: readonly number[], labelled: readonly number[]): Promise<LabelQueue> {
    const [compared, known] = [lines.slice(0, QUEUE), labelled.slice(-DOUBTFUL)]
    const texts = await this.#options.datasets.textsAt(id, [...compared, ...known])
    const textsOf = (these: readonly number[]): readonly string[] => these.map((line) => texts.get(line) ?? '')
    const places = await this.#options.order(textsOf(compared), textsOf(known))
    const ordered = places.flatMap((place) => compared[place] ?? [])
    return { lines: ordered, total: ordered.length }
  }

  async #write({ id, by }: InLabels, entry: LabelEntry): Promise<LabelBook> {
    const open = await this.#book(id)
    if ('line' in entry) open.book.at(entry.line)
    const written = this.#writing.then(() => open.journal.add([entry]))
    this.#writing = written.catch(() => undefined)
    await written.catch((error: unknown) => {
      const message = 'This mark could not be saved: the disk refused it. Make room or reconnect the drive, then try again.'
      throw new InputError('label-not-saved', message, undefined, { cause: error })
    })
    applyEntry(open, entry)
    open.savedAt = this.#options.now()
    return this.#shown(id, open, by)
  }

  #shown(id: DatasetId, open: OpenBook, by = ''): LabelBook {
    const suggester = this.#options.suggesterOf(this.#options.datasets.get(id))
    const { book, column, savedAt } = open
    const own = bookOf(open, by)
    const results = resultsOf(open)
    const added = [...results.keys()].filter((line) => !book.marks.has(line)).length
    return {
      id,
      column,
      separator: book.separator,
      classes: own.classes(),
      total: book.total,
      labelled: own.labelled,
      pending: book.pending + added,
      savedAt,
      missing: book.with(results).missing(),
      suggester,
      people: [...open.people].filter(([, each]) => each.pending > 0).map(([name]) => name)
    }
  }

  #book(id: DatasetId): Promise<OpenBook> {
    const known = this.#open.get(id)
    if (known) return known
    const opened = readBook(this.#options.datasets, id)
    this.#open.set(id, opened)
    opened.catch(() => this.#open.delete(id))
    return opened
  }
}
