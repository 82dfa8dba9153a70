import type { Api } from '../../../../lib/api.ts'
import type { MarkState } from '../mark.svelte.ts'

/** The document that two people marked differently. */
export interface Contested {
  readonly first: string
  readonly second: string
  readonly line: number
}

/** A third person marks a document anew, without seeing what the two marked, and what they marked settles it. */
export class ThirdReading {
  /** The two people that are compared; null while nobody is. */
  comparing = $state.raw<Pick<Contested, 'first' | 'second'> | null>(null)
  #of = $state.raw<Contested | null>(null)
  readonly #api: Api['marking']
  readonly #mark: MarkState

  constructor(api: Api['marking'], mark: MarkState) {
    this.#api = api
    this.#mark = mark
  }

  /** What is read anew; null where nothing is. */
  get of(): Contested | null {
    return this.#of
  }

  /** Whether the document that is shown is the one that is read anew. */
  get isShown(): boolean {
    return this.#of !== null && this.#mark.document.value?.line === this.#of.line
  }

  /** Opens the document for `name`, who is neither of the two. False where it is too far down to be listed. */
  async begin(name: string, of: Contested): Promise<boolean> {
    const mark = this.#mark
    await mark.become(name)
    await mark.show('all')
    const place = mark.list.placeOf(of.line)
    if (place < 0) return false
    await mark.go(place)
    this.#of = of
    this.comparing = null
    return true
  }

  /** The document as it is marked now is right. Then the two are compared again. */
  async take(): Promise<void> {
    const [mark, of] = [this.#mark, this.#of]
    if (!of || !this.isShown) return
    await mark.setFinished(true)
    if (mark.saving.failure) return
    const { id, by, passages } = mark
    mark.book.set(await this.#api.settle({ id, by, line: of.line, passages }))
    this.giveUp()
  }

  /** Back to the comparison; what was marked stays. */
  giveUp(): void {
    const of = this.#of
    this.#of = null
    this.comparing = of && { first: of.first, second: of.second }
  }
}
