import type { MarkAgreement, Opinions, Passage } from '../../../../../../preload/contract/marking.ts'
import type { Api } from '../../../../lib/api.ts'
import { Resource } from '../../../../lib/resource.svelte.ts'
import type { MarkState } from '../mark.svelte.ts'

/** A passage that one or both marked, or that was settled though neither had it. */
export interface Said extends Passage {
  readonly by: 'both' | 'first' | 'second' | 'neither'
}

const isSame = (a: Passage, b: Passage): boolean => a.start === b.start && a.end === b.end && a.kind === b.kind

/** What two people say of one text and what was settled, each passage once, in the order of the text. */
export function contested({ first, second, settled }: Pick<Opinions, 'first' | 'second' | 'settled'>): readonly Said[] {
  const has = (all: readonly Passage[], mark: Passage): boolean => all.some((each) => isSame(each, mark))
  const own = first.map((mark): Said => ({ ...mark, by: has(second, mark) ? 'both' : 'first' }))
  const others = second.filter((mark) => !has(first, mark)).map((mark): Said => ({ ...mark, by: 'second' }))
  const thirds = (settled ?? []).filter((mark) => !has(first, mark) && !has(second, mark))
  const all = [...own, ...others, ...thirds.map((mark): Said => ({ ...mark, by: 'neither' }))]
  return all.toSorted((a, b) => a.start - b.start || b.end - a.end)
}

/** How far two people agree, and settling where they do not. */
export class AgreementState {
  readonly agreement: Resource<MarkAgreement>
  #first = $state('')
  #second = $state('')
  #opinions = $state.raw<Opinions | null>(null)
  #kept = $state.raw<readonly Passage[]>([])
  readonly #api: Api['marking']
  readonly #mark: MarkState
  readonly contested = $derived.by(() => (this.#opinions ? contested(this.#opinions) : []))

  constructor(api: Api['marking'], mark: MarkState, { first, second }: { readonly first: string; readonly second: string }) {
    this.#api = api
    this.#mark = mark
    this.#first = first
    this.#second = second
    this.agreement = new Resource(() => api.agreement(this.#two()))
  }

  get first(): string {
    return this.#first
  }

  get second(): string {
    return this.#second
  }

  /** What is said of the row that is looked at; null where none is. */
  get opinions(): Opinions | null {
    return this.#opinions
  }

  async choose(first: string, second: string): Promise<void> {
    this.#first = first
    this.#second = second
    this.#opinions = null
    await this.agreement.load()
  }

  /** Looks at a row: what both marked, or what was settled, is kept to begin with. */
  async look(line: number): Promise<void> {
    const opinions = await this.#api.opinions({ ...this.#two(), line })
    this.#opinions = opinions
    this.#kept = opinions.settled ?? opinions.first.filter((mark) => opinions.second.some((each) => isSame(each, mark)))
  }

  keeps(mark: Passage): boolean {
    return this.#kept.some((each) => isSame(each, mark))
  }

  keep(mark: Passage, isKept: boolean): void {
    const { start, end, kind } = mark
    const others = this.#kept.filter((each) => !isSame(each, mark))
    this.#kept = isKept ? [...others, { start, end, kind }] : others
  }

  /** Takes one person's marks as they are. */
  take(whose: 'first' | 'second'): void {
    this.#kept = this.#opinions?.[whose] ?? []
  }

  /** What is kept is right; then comes the next row that waits. */
  async settle(): Promise<void> {
    const line = this.#opinions?.line
    if (line === undefined) return
    const { id, by, book } = this.#mark
    book.set(await this.#api.settle({ id, by, line, passages: this.#kept }))
    await this.agreement.load()
    const next = this.agreement.value?.disagreements.find((each) => !each.settled)
    if (next) await this.look(next.line)
    else this.#opinions = null
  }

  #two(): { readonly id: MarkState['id']; readonly first: string; readonly second: string } {
    return { id: this.#mark.id, first: this.#first, second: this.#second }
  }
}
