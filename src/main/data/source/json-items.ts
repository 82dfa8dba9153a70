/** The text of one item, and its place among them, from 1. */
export interface JsonItem {
  readonly text: string
  readonly place: number
}

const [QUOTE, COMMA, OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [34, 44, 91, 92, 93, 123, 125]

/**
 * Cuts a JSON file into the items of its outermost list, or into the objects that stand one after the other, without parsing any: memory is
 * bounded by one item. Brackets inside of texts do not count.
 */
export class JsonItemScanner {
  readonly #limit: number
  #held = ''
  #depth = 0
  /** The depth at which items stand: 1 in a list; -1 while nothing but white space was met. */
  #base = -1
  #isOpen = false
  #isInText = false
  #isEscaped = false
  #isOver = false
  #place = 0

  /** @param limit most characters of an item */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Whether the list was closed, or no object is open. */
  get isWhole(): boolean {
    return this.#isOver || (this.#base === 0 && !this.#isOpen)
  }

  /** Items that end in this piece. Throws a `RangeError` for an item over the limit and a `SyntaxError` for what is no list of items. */
  *push(piece: string): Generator<JsonItem, void, undefined> {
    let start = 0
    for (let at = 0; at < piece.length; at++) {
      const code = piece.charCodeAt(at)
      if (this.#isInText) {
        this.#inText(code)
        continue
      }
      const wasOpen = this.#isOpen
      const ends = this.#outside(code)
      if (!wasOpen && this.#isOpen) start = at
      if (!ends) continue
      // A comma or the list's end ends a bare value and is no part of it.
      const isPart = code === CLOSE_OBJECT || (code === CLOSE_LIST && !this.#isOver)
      yield this.#item(piece.slice(start, isPart ? at + 1 : at))
    }
    if (!this.#isOpen) return
    this.#held += piece.slice(start)
    if (this.#held.length > this.#limit) throw this.#tooLong()
  }

  #item(rest: string): JsonItem {
    const text = this.#held + rest
    this.#held = ''
    if (text.length > this.#limit) throw this.#tooLong()
    return { text, place: ++this.#place }
  }

  #tooLong(): RangeError {
    return new RangeError(`Item ${this.#place + 1} is too long.`)
  }

  #inText(code: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (code === BACKSLASH) this.#isEscaped = true
    else if (code === QUOTE) this.#isInText = false
  }

  /** Takes one character that is in no text; whether an item ends with it. */
  #outside(code: number): boolean {
    if (isSpace(code)) return false
    if (this.#isOver) throw new SyntaxError('Something follows the list.')
    if (this.#base < 0) return this.#begin(code)
    if (code === QUOTE) this.#isInText = true
    if (this.#depth === this.#base) {
      if (code === COMMA) return this.#close()
      if (code === CLOSE_LIST && this.#base === 1) {
        this.#isOver = true
        return this.#close()
      }
      this.#isOpen = true
    }
    if (code === OPEN_LIST || code === OPEN_OBJECT) this.#depth++
    if (code === CLOSE_LIST || code === CLOSE_OBJECT) this.#depth--
    if (this.#depth < this.#base) throw new SyntaxError('A bracket is closed that was not opened.')
    return (code === CLOSE_LIST || code === CLOSE_OBJECT) && this.#depth === this.#base ? this.#close() : false
  }

  #begin(code: number): boolean {
    if (code !== OPEN_LIST && code !== OPEN_OBJECT) throw new SyntaxError('It is no list of objects.')
    this.#depth = 1
    this.#base = code === OPEN_LIST ? 1 : 0
    this.#isOpen = code === OPEN_OBJECT
    return false
  }

  #close(): boolean {
    const wasOpen = this.#isOpen
    this.#isOpen = false
    return wasOpen
  }
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 0xfeff
