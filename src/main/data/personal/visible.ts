/** A passage that is still there and looks as if it might say something of a person, with what stands around it. */
export interface Visible {
  readonly before: string
  readonly text: string
  readonly after: string
}

/** Numbers of five digits and more, two capitalised words in a row, and words with digits and letters: what names and identifiers look like. */
const SUSPICIOUS =
  /(?<![\p{L}\p{N}[])(?:\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?(?:[ \t]\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?)+|\d(?:[ ./-]?\d){4,}|\p{Lu}{1,4}[ -]?\d{4,}\p{L}?)(?![\p{L}\p{N}\]])/gu
const AROUND = 40

/** What would still be visible in a text that was gone through, leaving out what was put there. */
export function* visibleIn(text: string, isOurs: (start: number, end: number) => boolean): Generator<Visible, void, undefined> {
  for (const match of text.matchAll(SUSPICIOUS)) {
    const [start, end] = [match.index, match.index + match[0].length]
    if (isOurs(start, end)) continue
    yield { before: text.slice(Math.max(0, start - AROUND), start), text: match[0], after: text.slice(end, end + AROUND) }
  }
}

/** An even sample of what is offered, of at most so many, each as likely as any other (algorithm R); the same for the same offers. */
export class Sample<T> {
  readonly #most: number
  readonly #kept: T[] = []
  #seen = 0
  #state = 0x2545f491

  constructor(most: number) {
    this.#most = most
  }

  get kept(): readonly T[] {
    return this.#kept
  }

  get seen(): number {
    return this.#seen
  }

  offer(item: T): void {
    this.#seen++
    if (this.#kept.length < this.#most) this.#kept.push(item)
    else {
      const at = this.#next(this.#seen)
      if (at < this.#most) this.#kept[at] = item
    }
  }

  /** xorshift32: enough to draw a sample that nobody bets on. */
  #next(below: number): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x >>> 0
    return this.#state % below
  }
}
