import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import type { Limits } from '../limits.ts'
import { counted, sizeOf } from '../../base/wording.ts'
import { lineTooLong } from './utf8-scan.ts'

const QUOTE = 34
const SPACE = 32
const LINE_FEED = 10
const RETURN = 13

/** Cells of one record and the line (from 1) at which it starts. */
export interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

type State = 'start' | 'plain' | 'quoted' | 'closing'

/**
 * Reads delimited text in pieces (RFC 4180; lines may end in LF, CR LF or CR; blank lines are skipped). Strict about quotes, because
 * a guess there would move text between rows: every refusal names the line on which the quote opens.
 */
export class CsvScanner {
  readonly #path: string
  readonly #delimiter: number
  readonly #limits: Limits
  #state: State = 'start'
  #records: CsvRecord[] = []
  #cells: string[] = []
  #cell = ''
  #line: number
  #recordLine: number
  #recordStart = 0
  #quoteLine = 0
  #afterReturn = false
  /** Characters of the current record in earlier pieces. */
  #carried = 0

  /** `line`: the one at which the text begins. */
  constructor(path: string, delimiter: string, limits: Limits, line = 1) {
    this.#line = line
    this.#recordLine = line
    this.#path = path
    this.#delimiter = delimiter.charCodeAt(0)
    this.#limits = limits
  }

  /** The line up to which the text was read. */
  get line(): number {
    return this.#line
  }

  /** The line at which the record starts that is not complete, and where in the text that was given last. */
  get recordLine(): number {
    return this.#recordLine
  }

  get recordStart(): number {
    return this.#recordStart
  }

  /** Whether the text ended, or was refused, inside of double quotes. */
  get isOpen(): boolean {
    return this.#state === 'quoted'
  }

  /** The records that the text completed which was given last, also where it was refused. */
  get completed(): readonly CsvRecord[] {
    return this.#records
  }

  /** The records that `text` completes. */
  push(text: string): CsvRecord[] {
    this.#records = []
    let cellStart = 0
    this.#recordStart = 0
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      const isBreak = code === LINE_FEED || code === RETURN
      const isPairedFeed = code === LINE_FEED && this.#afterReturn
      if (isBreak && !isPairedFeed) this.#line++
      this.#afterReturn = code === RETURN
      if (this.#state === 'quoted') {
        if (code !== QUOTE) continue
        this.#cell += text.slice(cellStart, i)
        this.#state = 'closing'
      } else if (this.#state === 'closing' && code === QUOTE) {
        this.#state = 'quoted'
        cellStart = i
      } else if (code === this.#delimiter || isBreak) {
        if (this.#state === 'plain') this.#cell += text.slice(cellStart, i)
        if (!isBreak) this.#endCell()
        else {
          this.#measure(i - this.#recordStart)
          this.#endRecord()
          this.#recordStart = i + 1
        }
      } else {
        cellStart = this.#character(text, code, cellStart, i)
      }
    }
    if (this.#state === 'plain' || this.#state === 'quoted') this.#cell += text.slice(cellStart)
    this.#measure(text.length - this.#recordStart)
    this.#carried += text.length - this.#recordStart
    return this.#records
  }

  /** The last record, when the file does not end with a line break. */
  end(): CsvRecord[] {
    this.#records = []
    if (this.#state === 'quoted') {
      const where = `Line ${this.#quoteLine} of ${basename(this.#path)}`
      const message = `${where} opens a cell with a double quote that is never closed. Close it, or double the quotes inside the text.`
      throw new InputError('data_quote_unclosed', message, { file: this.#path, line: this.#quoteLine })
    }
    this.#endRecord()
    return this.#records
  }

  /** A character other than a delimiter or a line break, outside quotes. Returns where the current cell's piece starts. */
  #character(text: string, code: number, cellStart: number, at: number): number {
    if (this.#state === 'closing') this.#refuseQuote(this.#quoteLine, `text follows its closing quote at line ${this.#line}`)
    if (this.#state === 'start') {
      this.#state = code === QUOTE ? 'quoted' : 'plain'
      if (code === QUOTE) this.#quoteLine = this.#line
      return code === QUOTE ? at + 1 : at
    }
    const isFirstQuote = code === QUOTE && (at === 0 || text.charCodeAt(at - 1) === SPACE)
    if (isFirstQuote && (this.#cell + text.slice(cellStart, at)).trim() === '') {
      this.#refuseQuote(this.#line, 'a space stands before the quote')
    }
    return cellStart
  }

  #refuseQuote(line: number, what: string): never {
    const advice = 'Put the whole cell in double quotes and double the quotes inside it.'
    const message = `Line ${line} of ${basename(this.#path)} has a cell with a double quote, and ${what}. ${advice}`
    throw new InputError('data_quote_misplaced', message, { file: this.#path, line })
  }

  #measure(length: number): void {
    if (this.#carried + length <= this.#limits.rowLength) return
    if (this.#state !== 'quoted' || this.#line === this.#recordLine) {
      throw lineTooLong(this.#path, this.#recordLine, this.#limits.rowLength)
    }
    const size = sizeOf(this.#limits.rowLength)
    const where = `The cell in double quotes that opens at line ${this.#quoteLine} of ${basename(this.#path)}`
    const message = `${where} is longer than ${size}. Its closing quote is probably missing.`
    throw new InputError('data_line_too_long', message, { file: this.#path, line: this.#quoteLine })
  }

  #endCell(): void {
    this.#cells.push(this.#cell)
    this.#cell = ''
    this.#state = 'start'
    if (this.#cells.length < this.#limits.columns) return
    const message = `Line ${this.#recordLine} of ${basename(this.#path)} has more than ${this.#limits.columns} columns. Check the delimiter.`
    const inApp = `Line ${this.#recordLine} of ${basename(this.#path)} has more than ${counted(this.#limits.columns, 'column')}. Choose what divides its cells, or leave columns out.`
    throw new InputError('data_too_many_columns', message, { file: this.#path, line: this.#recordLine, inApp })
  }

  #endRecord(): void {
    const isBlank = this.#cells.length === 0 && this.#state === 'start'
    if (!isBlank) {
      this.#cells.push(this.#cell)
      this.#records.push({ line: this.#recordLine, cells: this.#cells })
      this.#cells = []
    }
    this.#cell = ''
    this.#state = 'start'
    this.#recordLine = this.#line
    this.#carried = 0
  }
}
