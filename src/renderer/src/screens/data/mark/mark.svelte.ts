import type { DatasetId } from '../../../../../preload/contract/common.ts'
import type { DatasetSummary } from '../../../../../preload/contract/data.ts'
import type { MarkBook, MarkDocument, MarkFilter, Passage, SuggestedPassage } from '../../../../../preload/contract/marking.ts'
import type { Api } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'
import { ThirdReading } from './agreement/third-reading.svelte.ts'
import { MarkGuide } from './mark-guide.ts'
import { MarkList } from './mark-list.svelte.ts'
import { Saving } from './saving.svelte.ts'
import { firstWord, selectionOf, stretchOf, type Selection, type Stretch } from './selection.ts'
import { Suggestions } from './suggestions.svelte.ts'

interface Step {
  readonly line: number
  readonly remove: readonly Passage[]
  readonly add: readonly Passage[]
}

const REMEMBERED = 200

const inOrder = (a: Stretch, b: Stretch): number => a.start - b.start || b.end - a.end
const bare = ({ start, end, kind }: Passage): Passage => ({ start, end, kind })

/** Going through documents and marking passages in them. What is shown as marked is on the disk. */
export class MarkState {
  readonly id: DatasetId
  readonly book: Resource<MarkBook>
  readonly document: Resource<MarkDocument>
  readonly list: MarkList
  readonly saving = new Saving()
  readonly suggestions: Suggestions
  readonly guide: MarkGuide
  readonly reading: ThirdReading
  #by = $state('')
  #selection = $state.raw<Selection | null>(null)
  #done = $state.raw<readonly Step[]>([])
  #undone = $state.raw<readonly Step[]>([])
  readonly #api: Api['marking']

  readonly passages = $derived.by((): readonly Passage[] => this.document.value?.passages ?? [])
  /** What is suggested and neither marked nor refused; what would overlap a mark is left out. */
  readonly suggested = $derived.by((): readonly SuggestedPassage[] =>
    this.suggestions
      .at(this.document.value?.line ?? 0)
      .filter((one) => !this.passages.some((mark) => mark.start < one.end && one.start < mark.end))
  )
  readonly stretch = $derived.by((): Stretch | null => this.#selection && stretchOf(this.#selection))
  /** The mark whose stretch is selected exactly. */
  readonly chosen = $derived.by((): Passage | null => this.#exactly(this.passages))
  readonly chosenSuggestion = $derived.by((): SuggestedPassage | null => this.#exactly(this.suggested))

  constructor(api: Api['marking'], id: DatasetId, by: string) {
    this.id = id
    this.#api = api
    this.#by = by
    this.book = new Resource(() => api.open({ id, by: this.#by }))
    this.document = new Resource(() => api.document(this.#row(this.list.line ?? 0)))
    this.list = new MarkList(api, id, () => this.#by)
    this.suggestions = new Suggestions(api, id)
    this.guide = new MarkGuide(api, this)
    this.reading = new ThirdReading(api, this)
  }

  /** Whose marks these are; '' for the data's own. */
  get by(): string {
    return this.#by
  }

  get selection(): Selection | null {
    return this.#selection
  }

  get canUndo(): boolean {
    return this.#done.length > 0 && this.saving.failure === null
  }

  get canRedo(): boolean {
    return this.#undone.length > 0 && this.saving.failure === null
  }

  async load(): Promise<void> {
    await this.book.load()
    if (this.book.value) await this.show(this.list.filter)
  }

  /** From here on somebody else marks. */
  async become(by: string): Promise<void> {
    this.#by = by
    this.#done = []
    this.#undone = []
    await this.load()
  }

  async show(filter: MarkFilter): Promise<void> {
    if (filter === 'unsure') this.suggestions.isWanted = true
    await this.list.show(filter)
    await this.go(0)
  }

  async go(index: number): Promise<void> {
    const { list } = this
    list.place(index)
    if (list.line === undefined) return
    const before = this.document.value?.line
    void list.range(list.at, list.at + 1)
    await this.document.load()
    const shown = this.document.value
    // A key may have moved on in the document that is shown already; what it selected stays.
    if (shown?.line !== before || this.#selection === null) this.select(shown ? firstWord(shown) : null)
    void this.suggestions.ask(list.lines, list.at)
  }

  select(selection: Selection | null): void {
    this.#selection = selection
    this.saving.forgive()
  }

  /** Goes to the next mark or suggestion in a direction; false where there is none. */
  walk(direction: 1 | -1): boolean {
    const all = [...this.passages, ...this.suggested].toSorted(inOrder)
    const here = this.stretch ?? { start: -1, end: -1 }
    const isThere = this.chosen !== null || this.chosenSuggestion !== null
    const next =
      direction > 0
        ? all.find((mark) => (isThere ? inOrder(mark, here) > 0 : mark.start >= here.start))
        : all.findLast((mark) => inOrder(mark, here) < 0)
    if (next) this.select(selectionOf(next))
    return next !== undefined
  }

  /** Marks what is selected; a mark that is selected gets another kind. */
  async mark(kind: string): Promise<void> {
    const { stretch, chosen } = this
    if (stretch === null || chosen?.kind === kind) return
    await this.#change(chosen ? [bare(chosen)] : [], [{ ...stretch, kind }])
  }

  /** Takes away the mark that is selected, or else the innermost one around it. A suggestion that is selected is not shown again. */
  async remove(): Promise<void> {
    const { stretch, chosen, chosenSuggestion } = this
    if (chosen === null && chosenSuggestion) return this.suggestions.dismiss(this.document.value?.line ?? 0, chosenSuggestion)
    const around = this.passages.findLast((mark) => stretch !== null && mark.start <= stretch.start && stretch.end <= mark.end)
    const gone = chosen ?? around
    if (gone) await this.#change([bare(gone)], [])
  }

  /** Takes the suggestion that is selected, or else the first one, and goes to the next. */
  async accept(): Promise<void> {
    const one = this.chosenSuggestion ?? this.suggested[0]
    if (!one) return
    const next = this.suggested.find(({ start }) => start >= one.end)
    // At once: a key that follows while this one is written means what comes next.
    this.select(selectionOf(next ?? one))
    await this.#change([], [bare(one)])
    if (this.saving.failure !== null || this.saving.refusal !== null) this.#selection = selectionOf(one)
  }

  async acceptAll(): Promise<void> {
    if (this.suggested.length > 0) await this.#change([], this.suggested.map(bare))
  }

  /** The document was gone through: what is not marked in it is nothing. Then comes the next one. */
  async finish(): Promise<void> {
    const { value } = this.document
    if (!value) return
    if (!value.finished) await this.setFinished(true)
    if (this.saving.failure === null) await this.go(this.list.at + 1)
  }

  async setFinished(finished: boolean): Promise<void> {
    const line = this.document.value?.line
    if (line !== undefined) await this.saving.do(() => this.#told(line, this.#api.finish({ ...this.#row(line), finished })))
  }

  async skip(): Promise<void> {
    const { value } = this.document
    if (!value) return
    const { line, skipped: was } = value
    await this.saving.do(() => this.#told(line, this.#api.skip({ ...this.#row(line), skipped: !was })))
    if (!was && this.saving.failure === null) await this.go(this.list.at + 1)
  }

  async undo(): Promise<void> {
    const step = this.#done.at(-1)
    if (!step) return
    await this.#again({ line: step.line, remove: step.add, add: step.remove }, () => {
      this.#done = this.#done.slice(0, -1)
      this.#undone = [...this.#undone, step]
    })
  }

  async redo(): Promise<void> {
    const step = this.#undone.at(-1)
    if (!step) return
    await this.#again(step, () => {
      this.#undone = this.#undone.slice(0, -1)
      this.#done = [...this.#done, step]
    })
  }

  async setSuggests(next: boolean): Promise<void> {
    this.suggestions.isWanted = next
    await this.suggestions.ask(this.list.lines, this.list.at)
  }

  use(): Promise<DatasetSummary> {
    return this.#api.use(this.id)
  }

  #exactly<Mark extends Stretch>(all: readonly Mark[]): Mark | null {
    const { stretch } = this
    return all.findLast((mark) => stretch !== null && mark.start === stretch.start && mark.end === stretch.end) ?? null
  }

  #row(line: number): { readonly id: DatasetId; readonly by: string; readonly line: number } {
    return { id: this.id, by: this.#by, line }
  }

  async #change(remove: readonly Passage[], add: readonly Passage[]): Promise<void> {
    const line = this.document.value?.line
    if (line === undefined) return
    await this.saving.do(async () => {
      await this.#told(line, this.#api.change({ ...this.#row(line), remove, add }))
      this.#done = [...this.#done, { line, remove, add }].slice(-REMEMBERED)
      this.#undone = []
    })
  }

  /** Does once more what was done or undone before, where it belongs. */
  async #again({ line, remove, add }: Step, then: () => void): Promise<void> {
    const place = this.list.placeOf(line)
    if (place >= 0 && this.document.value?.line !== line) await this.go(place)
    await this.saving.do(async () => {
      await this.#told(line, this.#api.change({ ...this.#row(line), remove, add }))
      then()
      const shown = add[0] ?? remove[0]
      if (shown) this.select(selectionOf(shown))
    })
  }

  /** Shows what main says once it has written. */
  async #told(line: number, writing: Promise<MarkBook>): Promise<void> {
    this.book.set(await writing)
    // Whoever went on in the meantime sees what they went to.
    const isShown = (): boolean => this.document.value?.line === line && (this.list.line ?? line) === line
    if (isShown()) {
      const written = await this.#api.document(this.#row(line))
      if (isShown()) this.document.set(written)
    }
    await this.list.refresh(line)
  }
}
