import type { DatasetId } from '../../../../../preload/contract/common.ts'
import type { DatasetSummary } from '../../../../../preload/contract/data.ts'
import type { LabelBook, LabelDocument, LabelFilter, LabelRow, Suggestion } from '../../../../../preload/contract/labels.ts'
import { attuneError, type Api, type AttuneError } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'
import { partsOf, toggled } from './parts.ts'

interface Step {
  readonly line: number
  readonly value: string | null
  readonly skipped: boolean
}

const PAGE = 50
/** Documents for which suggestions are asked at once. */
const AHEAD = 20

/** Going through documents and giving each a class. What is shown as marked is on the disk. */
export class LabelState {
  readonly id: DatasetId
  readonly book: Resource<LabelBook>
  readonly document: Resource<LabelDocument>
  filter = $state<LabelFilter>('unlabelled')
  at = $state(0)
  /** Suggestions are asked for only when the person wants them. */
  suggests = $state(false)
  #by = $state('')
  #lines = $state.raw<readonly number[]>([])
  #total = $state(0)
  #isReady = $state(false)
  #rows = $state.raw<ReadonlyMap<number, LabelRow>>(new Map())
  #suggestions = $state.raw<ReadonlyMap<number, Suggestion>>(new Map())
  #failure = $state.raw<AttuneError | null>(null)
  #isAsking = $state(false)
  #steps = $state.raw<readonly Step[]>([])
  #repeat: (() => Promise<void>) | null = null
  #isWriting = false
  readonly #asked = new Set<number>()
  readonly #api: Api['labels']

  constructor(api: Api['labels'], id: DatasetId, by = '') {
    this.id = id
    this.#api = api
    this.#by = by
    this.book = new Resource(() => api.open(this.#here()))
    this.document = new Resource(() => api.document({ ...this.#here(), line: this.line ?? 0 }))
  }

  /** Whose labels these are; '' for the data's own. */
  get by(): string {
    return this.#by
  }

  get lines(): readonly number[] {
    return this.#lines
  }

  get total(): number {
    return this.#total
  }

  get isReady(): boolean {
    return this.#isReady
  }

  /** Why the last mark was not saved; while it is set nothing else can be marked. */
  get failure(): AttuneError | null {
    return this.#failure
  }

  get isAsking(): boolean {
    return this.#isAsking
  }

  get canUndo(): boolean {
    return this.#steps.length > 0 && this.#failure === null
  }

  get line(): number | undefined {
    return this.#lines[this.at]
  }

  get suggestion(): Suggestion | undefined {
    return this.suggests && this.line !== undefined ? this.#suggestions.get(this.line) : undefined
  }

  row(index: number): LabelRow | undefined {
    const line = this.#lines[index]
    return line === undefined ? undefined : this.#rows.get(line)
  }

  async load(): Promise<void> {
    await this.book.load()
    if (this.book.value) await this.show(this.filter)
  }

  /** From here on somebody else labels. */
  async become(by: string): Promise<void> {
    this.#by = by
    this.#steps = []
    this.#rows = new Map()
    await this.load()
  }

  /** Makes the list anew by a filter and goes to its first row. */
  async show(filter: LabelFilter): Promise<void> {
    this.filter = filter
    this.#isAsking = filter === 'doubtful' || filter === 'diverse'
    try {
      const { lines, total } = await this.#api.queue({ ...this.#here(), filter })
      this.#lines = lines
      this.#total = total
      this.#asked.clear()
      this.#isReady = true
      if (filter === 'doubtful') this.suggests = true
      await this.go(0)
    } finally {
      this.#isAsking = false
    }
  }

  async go(index: number): Promise<void> {
    this.at = Math.max(0, Math.min(this.#lines.length - 1, index))
    if (this.line === undefined) return
    await Promise.all([this.document.load(), this.range(this.at, this.at + 1)])
    if (this.suggests) void this.#suggest()
  }

  /** Reads the rows of the list from `from` to `to`, each page once. */
  async range(from: number, to: number): Promise<void> {
    for (let page = Math.floor(from / PAGE); page * PAGE < Math.min(to, this.#lines.length); page++) {
      if (this.#asked.has(page)) continue
      this.#asked.add(page)
      const lines = this.#lines.slice(page * PAGE, (page + 1) * PAGE)
      const rows = await this.#api.rows({ ...this.#here(), lines })
      this.#rows = new Map([...this.#rows, ...rows.map((row) => [row.line, row] as const)])
    }
  }

  async setSuggests(next: boolean): Promise<void> {
    this.suggests = next
    if (next) await this.#suggest()
  }

  /** Gives the document a class; in data with several classes each, adds or takes away one. */
  async mark(name: string): Promise<void> {
    const { value } = this.document
    if (!value) return
    const next = toggled(value.value, name, this.book.value?.separator ?? null)
    await this.#do(value, { value: next, skipped: false })
  }

  async skip(): Promise<void> {
    const { value } = this.document
    if (!value) return
    await this.#do(value, { value: value.value, skipped: !value.skipped })
    if (!value.skipped) await this.next()
  }

  async next(): Promise<void> {
    if (this.#failure === null) await this.go(this.at + 1)
  }

  async undo(): Promise<void> {
    const step = this.#steps.at(-1)
    if (!step || this.#failure !== null) return
    const place = this.#lines.indexOf(step.line)
    if (place >= 0) await this.go(place)
    await this.#save(async () => {
      await this.#put(step)
      this.#steps = this.#steps.filter((one) => one !== step)
    })
  }

  /** Tries the mark that was not saved once more. */
  async retry(): Promise<void> {
    if (this.#repeat) await this.#repeat()
  }

  async setClass(name: string, key: string | null): Promise<void> {
    this.book.set(await this.#api.setClass({ ...this.#here(), name, key }))
  }

  async rename(from: string, to: string): Promise<void> {
    this.book.set(await this.#api.renameClass({ ...this.#here(), from, to }))
    this.#asked.clear()
    this.#rows = new Map()
    await Promise.all([this.range(this.at, this.at + 1), this.document.load()])
  }

  use(): Promise<DatasetSummary> {
    return this.#api.use(this.id)
  }

  partsOf(value: string | null): readonly string[] {
    return partsOf(value, this.book.value?.separator ?? null)
  }

  #here(): { readonly id: DatasetId; readonly by: string } {
    return { id: this.id, by: this.#by }
  }

  async #do(document: LabelDocument, next: Omit<Step, 'line'>): Promise<void> {
    if (this.#failure !== null) return
    const { line, value, skipped } = document
    await this.#save(async () => {
      await this.#put({ line, ...next })
      this.#steps = [...this.#steps.slice(-199), { line, value, skipped }]
    })
  }

  async #put({ line, value, skipped }: Step): Promise<void> {
    const known = this.#rows.get(line)
    if (known?.value !== value) this.book.set(await this.#api.mark({ ...this.#here(), line, value }))
    if (skipped || known?.skipped) this.book.set(await this.#api.skip({ ...this.#here(), line, skipped }))
    if (known) this.#rows = new Map(this.#rows).set(line, { ...known, value, skipped })
    const shown = this.document.value
    // Whoever went on in the meantime sees what they went to.
    if (shown?.line === line && (this.line ?? line) === line) this.document.set({ ...shown, value, skipped })
  }

  /** One mark at a time; one that fails stands in the way of all others until it is saved. */
  async #save(work: () => Promise<void>): Promise<void> {
    if (this.#isWriting) return
    this.#isWriting = true
    try {
      await work()
      this.#failure = null
      this.#repeat = null
    } catch (thrown) {
      this.#failure = attuneError(thrown)
      this.#repeat = () => this.#save(work)
    } finally {
      this.#isWriting = false
    }
  }

  async #suggest(): Promise<void> {
    const lines = this.#lines.slice(this.at, this.at + AHEAD)
    if (this.line === undefined || this.#suggestions.has(this.line) || this.#isAsking) return
    this.#isAsking = true
    try {
      const found = await this.#api.suggest({ id: this.id, lines })
      this.#suggestions = new Map([...this.#suggestions, ...found.map((one) => [one.line, one] as const)])
    } catch {
      // Suggestions are an offer: without them labelling goes on.
      this.suggests = false
    } finally {
      this.#isAsking = false
    }
  }
}
