import { InputError } from '../../base/errors.ts'
import type { Limits } from '../limits.ts'
import { CsvScanner, type CsvRecord } from './csv-scanner.ts'

/** A row that cannot be read: the line at which it starts, and what is wrong with it. */
export interface BrokenRecord {
  readonly line: number
  readonly error: InputError
}

export type Recovered = CsvRecord | BrokenRecord

export const isBroken = (one: Recovered): one is BrokenRecord => 'error' in one

/**
 * Reads delimited text on after a row whose quotes are broken or that is too long, where there is one way only to do so (decision 0044):
 * - a row that shows its fault in its own line ends with that line;
 * - a quote that opens in a line and is still open lines later was not closed in its line, if all lines between are whole rows of the table by themselves.
 * Anything else is refused by the scanner's own error, since a guess would move text between rows.
 */
export class RecoveringScanner {
  readonly #path: string
  readonly #delimiter: string
  readonly #limits: Limits
  /** Cells in double quotes as they should be. */
  readonly #quoted: RegExp
  /** Cells of a row; 0 until the names of the columns were read. */
  columns = 0
  /** What begins at the row that is not complete yet, and its line. */
  #pending = ''
  /** A carriage return whose line feed may be in the next piece. */
  #tail = ''
  #line = 1
  /** How much of it was looked at. */
  #scanned = 0
  /** Whether a line that was too long is being passed over, which ends with it. */
  #isSkipping = false

  constructor(path: string, delimiter: string, limits: Limits) {
    const cut = delimiter.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    this.#quoted = new RegExp(`(?<=^|[\\r\\n]|${cut})"(?:[^"]|"")*"(?=$|[\\r\\n]|${cut})`, 'g')
    this.#path = path
    this.#delimiter = delimiter
    this.#limits = limits
  }

  /** The records that `text` completes, in order. Throws an InputError for a fault that can be read in more than one way. */
  *push(text: string): Generator<Recovered, void, undefined> {
    const all = this.#pending + this.#tail + text
    // A long row is looked at again when it has doubled, not with each piece.
    if (this.#scanned > LONG && all.length < Math.min(2 * this.#scanned, this.#limits.rowLength)) {
      this.#pending = all
      this.#tail = ''
      return
    }
    this.#tail = all.endsWith('\r') ? '\r' : ''
    yield* this.#read(all.slice(0, all.length - this.#tail.length), false)
  }

  *end(): Generator<Recovered, void, undefined> {
    yield* this.#read(this.#pending + this.#tail, true)
  }

  *#read(text: string, isLast: boolean): Generator<Recovered, void, undefined> {
    yield* this.#recover(text, isLast)
    this.#scanned = this.#pending.length
  }

  *#recover(text: string, isLast: boolean): Generator<Recovered, void, undefined> {
    let rest = this.#isSkipping ? this.#afterSkipped(text) : text
    for (;;) {
      const scanner = new CsvScanner(this.#path, this.#delimiter, this.#limits, this.#line)
      const { records, error } = scanAll(scanner, rest, isLast)
      yield* records
      this.#line = scanner.recordLine
      const from = rest.slice(scanner.recordStart)
      this.#pending = isLast && error === null ? '' : from
      if (error === null) return
      const next = this.#afterFault(from, scanner, error, isLast)
      // The lines by which to tell are not all here yet.
      if (next === null) return
      yield { line: this.#line, error }
      this.#line++
      this.#pending = next
      rest = next
      if (this.#isSkipping) return
    }
  }

  /** What follows the broken row; null where more must be seen first. */
  #afterFault(from: string, { line: noticed, isOpen: isInside }: CsvScanner, error: InputError, isLast: boolean): string | null {
    // Names of columns, or more columns than there can be, are no row's fault.
    if (this.columns === 0 || !RECOVERABLE.has(error.code)) throw error
    const end = lineEnd(from, 0)
    const isTooLong = error.code === 'data_line_too_long'
    if (noticed === this.#line || (isTooLong && (end === -1 || end > this.#limits.rowLength))) {
      if (end !== -1) return from.slice(end)
      if (!isLast && !isTooLong) return null
      this.#isSkipping = !isLast
      return ''
    }
    // Too long, and neither its first line alone nor a quote that is still open.
    const isOpen = isInside && error.code !== 'data_quote_misplaced'
    if (isTooLong && !isOpen) throw error
    const between = this.#between(from.slice(end), noticed - this.#line, isOpen, isLast)
    if (between === null) return null
    if (!this.#areRows(between)) throw error
    return from.slice(end)
  }

  /** Whole lines after the first up to the one in which the fault was noticed, or all that are here where it never was. */
  #between(after: string, lines: number, isOpen: boolean, isLast: boolean): string | null {
    if (isOpen) {
      if (isLast) return after
      const cut = Math.max(after.lastIndexOf('\n'), after.lastIndexOf('\r'))
      return after.slice(0, cut + 1)
    }
    let at = 0
    for (let line = 0; line < lines; line++) {
      const end = lineEnd(after, at)
      if (end === -1) return isLast ? after : null
      at = end
    }
    return after.slice(0, at)
  }

  /** Whether a text is rows of the table and nothing else, two cells at least: a single one would fit anywhere. A quote within a bare cell leaves it open. */
  #areRows(text: string): boolean {
    const scanner = new CsvScanner(this.#path, this.#delimiter, this.#limits)
    const { records, error } = scanAll(scanner, text, true)
    if (text.replace(this.#quoted, '').includes('"')) return false
    return this.columns > 1 && error === null && records.length > 0 && records.every(({ cells }) => cells.length === this.columns)
  }

  #afterSkipped(text: string): string {
    const end = lineEnd(text, 0)
    if (end === -1) return ''
    this.#isSkipping = false
    return text.slice(end)
  }
}

/** Characters of a row from which on it is a long one. */
const LONG = 2 ** 19

const RECOVERABLE: ReadonlySet<string> = new Set(['data_quote_unclosed', 'data_quote_misplaced', 'data_line_too_long'])

/** The records of a text up to the first fault; null where there is none. */
function scanAll(
  scanner: CsvScanner,
  text: string,
  isLast: boolean
): { readonly records: readonly CsvRecord[]; readonly error: InputError | null } {
  const records: CsvRecord[] = []
  try {
    records.push(...scanner.push(text))
    if (isLast) records.push(...scanner.end())
    return { records, error: null }
  } catch (error) {
    if (error instanceof InputError) return { records: [...records, ...scanner.completed], error }
    throw error
  }
}

/** Where the line at `from` ends, its break included; −1 where it does not. */
function lineEnd(text: string, from: number): number {
  const found = /\r\n|\n|\r(?!$)/g
  found.lastIndex = from
  return found.exec(text) === null ? -1 : found.lastIndex
}
