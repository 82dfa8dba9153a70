import type { ColumnSummary } from '../../../preload/contract/data.ts'
import { numberOf } from '../label-order.ts'
import { isAnswersCell } from '../questions/parse-answers.ts'
import { isSpansCell } from '../spans/span.ts'

/** Different values that are counted; beyond this a column has "many". */
export const MOST_DISTINCT = 1000
/** Cells longer than this are no label and no id: they are counted as different without being kept. */
const LONGEST_KEY = 200

/** What the cells of one column are like. */
export interface ColumnFacts {
  readonly name: string
  readonly rows: number
  readonly empty: number
  /** Null above `MOST_DISTINCT`. */
  readonly distinct: number | null
  /** Whether a value was seen twice. */
  readonly repeats: boolean
  readonly numbers: number
  readonly decimals: number
  /** Cells that hold a list of marks. */
  readonly marks: number
  /** Cells that hold answers as SQuAD has them. */
  readonly answers: number
  readonly meanLength: number
  readonly meanWords: number
}

/** Watches the cells of one column go by. */
export class ColumnStats {
  readonly #name: string
  readonly #seen = new Set<string>()
  #isMany = false
  #repeats = false
  #rows = 0
  #empty = 0
  #numbers = 0
  #decimals = 0
  #marks = 0
  #answers = 0
  #characters = 0
  #words = 0

  constructor(name: string) {
    this.#name = name
  }

  add(cell: string): void {
    this.#rows++
    const value = cell.trim()
    if (value === '') {
      this.#empty++
      return
    }
    if (isSpansCell(value)) this.#marks++
    else if (isAnswersCell(value)) this.#answers++
    this.#characters += value.length
    this.#words += wordsIn(value)
    const number = value.length <= 40 ? numberOf(value) : null
    if (number !== null) this.#numbers++
    if (number !== null && !Number.isInteger(number)) this.#decimals++
    this.#note(value)
  }

  facts(): ColumnFacts {
    const filled = Math.max(1, this.#rows - this.#empty)
    return {
      name: this.#name,
      rows: this.#rows,
      empty: this.#empty,
      distinct: this.#isMany ? null : this.#seen.size,
      repeats: this.#repeats,
      numbers: this.#numbers,
      decimals: this.#decimals,
      marks: this.#marks,
      answers: this.#answers,
      meanLength: this.#characters / filled,
      meanWords: this.#words / filled
    }
  }

  #note(value: string): void {
    if (value.length > LONGEST_KEY) this.#isMany = true
    else if (this.#seen.has(value)) this.#repeats = true
    else if (this.#seen.size < MOST_DISTINCT) this.#seen.add(value)
    else this.#isMany = true
  }
}

/** Words as the number of stretches between white space. */
export function wordsIn(text: string): number {
  let words = 0
  let isInside = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const isSpace = code <= 32 || code === 160
    if (!isSpace && !isInside) words++
    isInside = !isSpace
  }
  return words
}

const ID_NAME = /(?:^|[_\s-])(?:id|ids|nr|no|number|code|key|uuid|guid)$|(?:Id|ID|Nr)$/
const UNIT_NAME = /patient|person|client|customer|case|matter|document|contract|subject|author|site|file/i
const MOST_CLASSES = 50
/** The column that documents get where several of their names begin alike. */
export const BELONGS_TO = 'belongs_to'

/** What the cells of a column look like. */
export function looksLike(facts: ColumnFacts): ColumnSummary['looksLike'] {
  const { rows, empty, distinct, numbers, decimals, marks, answers, meanLength, meanWords } = facts
  const filled = rows - empty
  if (filled === 0) return 'empty'
  if (marks === filled) return 'marks'
  // An empty list says that a question has no answer.
  if (answers > 0 && answers + marks === filled) return 'answers'
  if (isIdColumn(facts)) return 'id'
  const isFew = distinct !== null && distinct <= MOST_CLASSES && distinct * 2 <= filled
  const isNumeric = numbers >= 0.95 * filled
  if (isNumeric && (decimals > 0 || !isFew || distinct > 12)) return 'number'
  if (isFew && meanLength <= 60) return 'classes'
  if (meanWords >= 3 || meanLength >= 40) return 'text'
  return 'other'
}

/** Short cells, one word each, in a column whose name says that they name something. */
function isIdColumn({ name, meanLength, meanWords, decimals }: ColumnFacts): boolean {
  // What names of documents have in common is never what is to be learned.
  if (name === BELONGS_TO) return true
  const says = ID_NAME.test(name) || /^id/i.test(name) || (UNIT_NAME.test(name) && meanWords <= 1.5)
  return says && meanLength <= 40 && meanWords <= 2 && decimals === 0
}
