/** Browsers stop at about 33 million pixels of height: beyond this the scroll bar stands for more rows than it is high. */
const TALLEST = 15_000_000
const SPARE = 6

/** Which rows of a long table are drawn, and which one has the keyboard. */
export class TableState {
  #top = $state(0)
  #height = $state(400)
  active = $state(0)
  readonly #total: () => number
  readonly #row: () => number
  readonly tall = $derived.by(() => Math.min(TALLEST, this.#total() * this.#row()))
  /** Pixels of the whole table per pixel of the scroll bar. */
  readonly #stretch = $derived.by(() => {
    const room = this.tall - this.#height
    return room > 0 ? Math.max(1, (this.#total() * this.#row() - this.#height) / room) : 1
  })
  readonly first = $derived.by(() => Math.max(0, Math.floor((this.#top * this.#stretch) / this.#row()) - SPARE))
  readonly last = $derived.by(() => Math.min(this.#total(), this.first + Math.ceil(this.#height / this.#row()) + 2 * SPARE))
  /** Where the first drawn row stands in the scrolled area. */
  readonly offset = $derived.by(() => this.first * this.#row() - this.#top * (this.#stretch - 1))

  constructor(total: () => number, row: () => number) {
    this.#total = total
    this.#row = row
  }

  scrolled(top: number, height: number): void {
    this.#top = top
    this.#height = height
  }

  /** The row that a key leads to; null where the key means nothing here. */
  target(key: string): number | null {
    const page = Math.max(1, Math.floor(this.#height / this.#row()) - 1)
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: this.active + 1,
      ArrowUp: this.active - 1,
      PageDown: this.active + page,
      PageUp: this.active - page,
      Home: 0,
      End: this.#total() - 1
    }
    const next = steps[key]
    return next === undefined ? null : Math.max(0, Math.min(this.#total() - 1, next))
  }

  /** How far to scroll so that row `index` is seen whole. */
  topFor(index: number): number {
    const [row, top] = [this.#row(), this.#top * this.#stretch]
    if (index * row < top) return (index * row) / this.#stretch
    if ((index + 1) * row > top + this.#height) return ((index + 1) * row - this.#height) / this.#stretch
    return this.#top
  }
}
