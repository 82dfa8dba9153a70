import type { DatasetId } from '../../../preload/contract/common.ts'
import type { DatasetSummary } from '../../../preload/contract/data.ts'
import type { LabelQueue, TwoPeople } from '../../../preload/contract/labels.ts'
import type {
  MarkAgreement,
  MarkBook as Shown,
  MarkChange,
  MarkDocument,
  MarkFilter,
  MarkRow,
  MarkSuggestion,
  Opinions,
  Overlap,
  Passage
} from '../../../preload/contract/marking.ts'
import { InputError } from '../../base/errors.ts'
import { wordsIn } from '../../base/words-in.ts'
import { agreementOf, opinionsOf, type ComparePassages } from './agreement.ts'
import { TABLE } from './book.ts'
import { makeVersion, renameKinds } from './make-version.ts'
import { openMarks, readMarks, wayOf, type MarkingData, type OpenMarks } from './open-marks.ts'
import { changed, checkAdded } from './passages.ts'
import type { MarkEntry } from './entries.ts'
import { finishedBy, guidelineOf, missing, startedBy } from './standing.ts'
import { MarkAdvice, type Adviser } from './advice.ts'

export interface MarkingOptions extends Adviser {
  readonly compare: ComparePassages
  /** Puts the guideline into the datasheet, in the place of the one before. */
  readonly keepGuideline: (id: DatasetId, before: string, after: string) => Promise<void>
  readonly datasets: MarkingData
  /** ISO 8601. */
  readonly now: () => string
}

/** Rows that a queue has at most. */
const QUEUE = 20_000
const PREVIEW_CHARACTERS = 160

interface InSet {
  readonly id: DatasetId
  readonly by: string
}

/** Marking passages: a journal over a data set that never changes, and new versions from it. */
export class Marking {
  readonly #options: MarkingOptions
  readonly #advice: MarkAdvice
  readonly #open = new Map<string, Promise<OpenMarks>>()
  /** What is being written, so that marks reach the journal in their order. */
  #writing: Promise<unknown> = Promise.resolve()

  constructor(options: MarkingOptions) {
    this.#options = options
    this.#advice = new MarkAdvice(options)
  }

  /** Marking where that was chosen, or where the table's answers are marks. */
  async way(id: DatasetId): Promise<'sort' | 'mark'> {
    return wayOf(this.#options.datasets, id)
  }

  async setWay({ id, way }: { readonly id: DatasetId; readonly way: 'sort' | 'mark' }): Promise<void> {
    await this.#write(id, TABLE, { do: 'way', way })
  }

  async open({ id, by }: InSet): Promise<Shown> {
    return this.#shown(id, by, await this.#book(id))
  }

  async queue({ id, by, filter }: InSet & { readonly filter: MarkFilter }): Promise<LabelQueue> {
    const { book } = await this.#book(id)
    const lines = book.linesOf(filter, by)
    if (filter === 'unsure') return this.#advice.unsure(id, lines)
    if (filter === 'diverse') return this.#advice.diverse(id, lines, book.linesOf('finished', by))
    return { lines: lines.slice(0, QUEUE), total: lines.length }
  }

  async rows({ id, by, lines }: InSet & { readonly lines: readonly number[] }): Promise<readonly MarkRow[]> {
    const { book } = await this.#book(id)
    const texts = await this.#options.datasets.textsAt(id, lines)
    return lines.map((line) => ({
      line,
      position: book.at(line) + 1,
      preview: (texts.get(line) ?? '').slice(0, PREVIEW_CHARACTERS).replace(/\s+/g, ' '),
      ...book.stateAt(by, line)
    }))
  }

  async document({ id, by, line }: InSet & { readonly line: number }): Promise<MarkDocument> {
    const open = await this.#book(id)
    const { book } = open
    const { text, passages: base } = await readMarks(this.#options.datasets, id, open, line)
    const own = book.layerAt(by, line) ?? { passages: book.nowOf(base), finished: true, skipped: false }
    const words = wordsIn(text).flatMap(({ start, end }) => [start, end])
    return { line, position: book.at(line) + 1, text, words, ...own }
  }

  async change({ id, by, line, remove, add }: MarkChange): Promise<Shown> {
    return this.#write(id, by, { do: 'change', by, line, remove, add }, async (open) => {
      const { text } = await readMarks(this.#options.datasets, id, open, line)
      const after = changed(open.book.layerAt(by, line)?.passages ?? [], { remove, add })
      checkAdded(text, after, add, open.book.overlap)
    })
  }

  finish({ id, by, line, finished }: InSet & { readonly line: number; readonly finished: boolean }): Promise<Shown> {
    return this.#write(id, by, { do: 'finish', by, line, finished })
  }

  skip({ id, by, line, skipped }: InSet & { readonly line: number; readonly skipped: boolean }): Promise<Shown> {
    return this.#write(id, by, { do: 'skip', by, line, skipped })
  }

  async setKind({ id, by, name, key }: InSet & { readonly name: string; readonly key: string | null }): Promise<Shown> {
    const { kinds } = (await this.#book(id)).book
    return this.#write(id, by, { do: 'kind', name, key: key ?? kinds.keyOf(name) ?? kinds.freeKey() })
  }

  renameKind({ id, by, from, to }: InSet & { readonly from: string; readonly to: string }): Promise<Shown> {
    return this.#write(id, by, { do: 'rename', from, to })
  }

  setOverlap({ id, by, overlap }: InSet & { readonly overlap: Overlap }): Promise<Shown> {
    return this.#write(id, by, { do: 'overlap', overlap })
  }

  async setNote({ id, by, kind, text }: InSet & { readonly kind: string | null; readonly text: string }): Promise<Shown> {
    const { book } = await this.#book(id)
    const before = guidelineOf(book)
    const shown = await this.#write(id, by, { do: 'note', kind, text })
    await this.#options.keepGuideline(id, before, guidelineOf(book))
    return shown
  }

  /** What a trained run would mark in some rows; none where there is no such run. */
  async suggest({
    id,
    lines
  }: {
    readonly id: DatasetId
    readonly lines: readonly number[]
  }): Promise<readonly MarkSuggestion[]> {
    const { kinds } = (await this.#book(id)).book
    const offered = await this.#advice.suggest(id, lines)
    return offered.map(({ line, passages }) => ({
      line,
      passages: passages.map((each) => ({ ...each, kind: kinds.meantBy(each.kind) }))
    }))
  }

  async agreement(two: TwoPeople): Promise<MarkAgreement> {
    return agreementOf(this.#options.datasets, two, await this.#book(two.id), this.#options.compare)
  }

  async opinions(two: TwoPeople & { readonly line: number }): Promise<Opinions> {
    return opinionsOf(this.#options.datasets, two, await this.#book(two.id), two.line)
  }

  /** Says what is right in a row, whoever marked what. */
  async settle({
    id,
    by,
    line,
    passages
  }: InSet & { readonly line: number; readonly passages: readonly Passage[] }): Promise<Shown> {
    return this.#write(id, by, { do: 'settle', line, passages }, async (open) => {
      const { text } = await readMarks(this.#options.datasets, id, open, line)
      checkAdded(text, passages, passages, open.book.overlap)
    })
  }

  /** Makes a new version with the marks of finished rows; the journal then goes on over it. Throws an InputError where there are none. */
  async use(id: DatasetId): Promise<DatasetSummary> {
    await this.#writing
    const made = await makeVersion(this.#options.datasets, id, await this.#book(id))
    this.#open.delete(id)
    this.#open.delete(made.id)
    return made
  }

  /** Gives kinds of the table another name in a new version. Throws an InputError where nothing has them. */
  async renameKinds({
    id,
    ...names
  }: {
    readonly id: DatasetId
    readonly from: readonly string[]
    readonly to: string
  }): Promise<DatasetSummary> {
    await this.#writing
    const made = await renameKinds(this.#options.datasets, id, names)
    this.#open.delete(made.id)
    return made
  }

  async dispose(): Promise<void> {
    await this.#writing
  }

  /** One thing after the other, each checked against what stands by then. */
  #write(id: DatasetId, by: string, entry: MarkEntry, check?: (open: OpenMarks) => Promise<void>): Promise<Shown> {
    const written = this.#writing.then(async () => {
      const open = await this.#book(id)
      const { book, journal } = open
      if ('line' in entry && book.wantsBase(by, entry.line))
        book.begin(entry.line, (await readMarks(this.#options.datasets, id, open, entry.line)).passages)
      await check?.(open)
      await journal.add([entry]).catch(notSaved)
      book.apply(entry)
      open.savedAt = this.#options.now()
      return this.#shown(id, by, open)
    })
    this.#writing = written.catch(() => undefined)
    return written
  }

  #shown(id: DatasetId, by: string, { book, column, savedAt }: OpenMarks): Shown {
    return {
      id,
      column,
      kinds: book.kinds.shown(book.layers.countsOf(by)),
      overlap: book.overlap,
      note: book.note,
      total: book.total,
      finished: finishedBy(book, by),
      started: startedBy(book, by),
      pending: book.pending,
      savedAt,
      missing: missing(book),
      suggester: this.#options.suggesterOf(this.#options.datasets.get(id)),
      people: book.people
    }
  }

  #book(id: DatasetId): Promise<OpenMarks> {
    const known = this.#open.get(id)
    if (known) return known
    const opened = openMarks(this.#options.datasets, id)
    this.#open.set(id, opened)
    opened.catch(() => this.#open.delete(id))
    return opened
  }
}

function notSaved(cause: unknown): never {
  const message = 'This mark could not be saved: the disk refused it. Make room or reconnect the drive, then try again.'
  throw new InputError('label-not-saved', message, undefined, { cause })
}
