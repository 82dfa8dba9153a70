import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { sizeOf } from '../../base/wording.ts'

/** The text of one value of a list, and its place among them, from 1. */
export interface JsonItem {
  readonly text: string
  readonly index: number
}

/**
 * Cuts the values out of a JSON list, or of JSON objects that follow each other, in pieces: memory is bounded by one value. What a value holds is not
 * looked at: whoever parses it refuses it.
 */
export class JsonScanner {
  readonly #path: string
  readonly #limit: number
  /** Whether the values stand in a list; null while nothing has been seen. */
  #inList: boolean | null = null
  #isOver = false
  #held = ''
  #depth = 0
  #inString = false
  #isEscaped = false
  #hasStarted = false
  #index = 0

  /** `limit`: characters of one value. */
  constructor(path: string, limit: number) {
    this.#path = path
    this.#limit = limit
  }

  /** The values that `text` completes. */
  *push(text: string): Generator<JsonItem, void, undefined> {
    let start = 0
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (this.#inString) {
        if (this.#isEscaped) this.#isEscaped = false
        else if (code === BACKSLASH) this.#isEscaped = true
        else if (code === QUOTE) {
          this.#inString = false
          if (this.#depth === 0) {
            yield this.#take(text.slice(start, at + 1))
            start = at + 1
          }
        }
        continue
      }
      if (code <= SPACE) {
        if (this.#hasStarted && this.#depth === 0) yield this.#take(text.slice(start, at))
        if (!this.#hasStarted) start = at + 1
        continue
      }
      if (this.#isOver) throw this.#refuse('text follows its list')
      if (this.#inList === null && !this.#hasStarted) {
        this.#inList = code === OPEN_LIST
        if (this.#inList) {
          start = at + 1
          continue
        }
      }
      const ends = this.#depth === 0 && (code === COMMA || code === CLOSE_LIST)
      if (ends) {
        if (this.#hasStarted) yield this.#take(text.slice(start, at))
        if (code === CLOSE_LIST && this.#inList !== true) throw this.#refuse('a list ends that has not begun')
        this.#isOver = code === CLOSE_LIST
        start = at + 1
        continue
      }
      if (!this.#hasStarted) {
        this.#hasStarted = true
        start = at
      }
      if (code === QUOTE) this.#inString = true
      else if (code === OPEN_OBJECT || code === OPEN_LIST) this.#depth++
      else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
        this.#depth--
        if (this.#depth < 0) throw this.#refuse('a bracket is closed that was not opened')
        if (this.#depth === 0) {
          yield this.#take(text.slice(start, at + 1))
          start = at + 1
        }
      }
    }
    if (this.#hasStarted) this.#hold(text.slice(start))
  }

  /** The last value of objects that follow each other. Throws where the file ends in the middle. */
  *end(): Generator<JsonItem, void, undefined> {
    if (this.#depth > 0 || this.#inString || (this.#inList === true && !this.#isOver))
      throw this.#refuse('it ends in the middle: it may have been cut off')
    if (this.#hasStarted) yield this.#take('')
  }

  #take(text: string): JsonItem {
    this.#hold(text)
    const item = { text: this.#held, index: ++this.#index }
    this.#held = ''
    this.#hasStarted = false
    return item
  }

  #hold(text: string): void {
    this.#held += text
    if (this.#held.length <= this.#limit) return
    const message = `Row ${this.#index + 1} of ${basename(this.#path)} is longer than ${sizeOf(this.#limit)}. Divide its text into several rows.`
    throw new InputError('data_line_too_long', message, { file: this.#path })
  }

  #refuse(what: string): InputError {
    const name = basename(this.#path)
    const message = `${name} is not valid JSON: after row ${this.#index}, ${what}. Correct it, or save the table as CSV (UTF-8).`
    return new InputError('data_json_invalid', message, { file: this.#path })
  }
}

const [QUOTE, COMMA, BACKSLASH, SPACE] = [34, 44, 92, 32]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125]
