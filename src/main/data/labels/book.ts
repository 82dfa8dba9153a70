import type { LabelClass, LabelFilter } from '../../../preload/contract/labels.ts'
import { InputError } from '../../base/errors.ts'
import { counted, shown } from '../../base/wording.ts'
import { compareLabels } from '../label-order.ts'
import type { LabelEntry } from './entries.ts'

/** What training needs at least: classes, and rows of each. */
export const LEAST = { classes: 2, each: 10 }

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

/** The labels of a table: what its cells say, and over it what the person marked. Rows are found by their lines, which only rise. */
export class Book {
  readonly separator: string | null
  readonly #lines: number[] = []
  readonly #values: string[] = []
  readonly #hasText: boolean[] = []
  #total = 0
  #labelled = 0
  readonly #skipped = new Set<number>()
  readonly #marked = new Map<number, string>()
  readonly #counts = new Map<string, number>()
  readonly #keys = new Map<string, string | null>()
  #renames: { readonly from: string; readonly to: string }[] = []

  constructor(separator: string | null) {
    this.separator = separator
  }

  /** Takes in a row of the table, in their order. */
  addRow(line: number, value: string, hasText: boolean): void {
    const tidied = tidy(value)
    this.#lines.push(line)
    this.#values.push(tidied)
    this.#hasText.push(hasText)
    if (hasText) this.#total++
    if (hasText && tidied !== '') this.#labelled++
    this.#count(tidied, 1)
  }

  /** Classes that the table brings get the digits, in their order. */
  nameKeys(): void {
    for (const name of [...this.#counts.keys()].sort(compareLabels))
      if (!this.#keys.has(name)) this.#keys.set(name, this.#freeKey())
  }

  /** The same rows and classes without a label. */
  blank(): Book {
    const book = new Book(this.separator)
    for (const [row, line] of this.#lines.entries()) book.addRow(line, '', this.#hasText[row] ?? false)
    for (const [name, key] of this.#keys) book.#keys.set(name, key)
    return book
  }

  /** The same where some rows have other labels; this one where none has. */
  with(labels: ReadonlyMap<number, string>): Book {
    if (labels.size === 0) return this
    const book = new Book(this.separator)
    for (const [row, line] of this.#lines.entries())
      book.addRow(line, labels.get(line) ?? this.#values[row] ?? '', this.#hasText[row] ?? false)
    book.nameKeys()
    return book
  }

  /** Does what an entry of the journal says. Throws an InputError for a line at which no row starts. */
  apply(entry: Exclude<LabelEntry, { readonly do: 'settle' }>): void {
    switch (entry.do) {
      case 'mark':
        this.#set(this.at(entry.line), entry.value)
        this.#marked.set(entry.line, tidy(entry.value))
        this.#skipped.delete(entry.line)
        return
      case 'skip':
        this.at(entry.line)
        if (entry.skipped) this.#skipped.add(entry.line)
        else this.#skipped.delete(entry.line)
        return
      case 'class':
        return this.#name(tidy(entry.name), entry.key)
      case 'rename':
        return this.#rename(tidy(entry.from), tidy(entry.to))
    }
  }

  /** The place of the row that starts at this line. */
  at(line: number): number {
    let [low, high] = [0, this.#lines.length - 1]
    while (low <= high) {
      const middle = (low + high) >> 1
      const here = this.#lines[middle] ?? 0
      if (here === line) return middle
      if (here < line) low = middle + 1
      else high = middle - 1
    }
    throw new InputError('label-row', 'This row is no longer in the table. Open the data again.')
  }

  /** The label of a row; null where it has none. */
  valueAt(row: number): string | null {
    const value = this.#values[row] ?? ''
    return value === '' ? null : value
  }

  isSkipped(line: number): boolean {
    return this.#skipped.has(line)
  }

  /** The first free digit. */
  freeKey(): string | null {
    return this.#freeKey()
  }

  classes(): readonly LabelClass[] {
    return [...this.#keys].map(([name, key]) => ({ name, key, count: this.#counts.get(name) ?? 0 }))
  }

  /** Rows with a text. */
  get total(): number {
    return this.#total
  }

  get labelled(): number {
    return this.#labelled
  }

  get pending(): number {
    return this.#marked.size + this.#renames.length
  }

  get marks(): ReadonlyMap<number, string> {
    return this.#marked
  }

  get renames(): readonly { readonly from: string; readonly to: string }[] {
    return this.#renames
  }

  get skipped(): ReadonlySet<number> {
    return this.#skipped
  }

  /** Lines of the rows that a filter leaves, in the table's order. Doubtful and diverse ones are those without a label, until they are sorted. */
  linesOf(filter: LabelFilter): readonly number[] {
    return this.#lines.filter((line, row) => {
      if (!this.#hasText[row]) return false
      const isLabelled = this.#values[row] !== ''
      if (filter === 'all') return true
      if (filter === 'skipped') return this.#skipped.has(line)
      return filter === 'labelled' ? isLabelled : !isLabelled
    })
  }

  /** What is still needed before training, as a sentence; null where it is enough. */
  missing(): string | null {
    const counts = this.classes()
      .toSorted((a, b) => b.count - a.count)
      .slice(0, LEAST.classes)
    if (counts.length < LEAST.classes)
      return `At least ${LEAST.classes} classes with ${LEAST.each} rows each are needed. Name ${counts.length === 0 ? 'two classes' : 'another class'}.`
    const lacking = counts.filter(({ count }) => count < LEAST.each)
    if (lacking.length === 0) return null
    const list = lacking.map(({ name, count }) => `${LEAST.each - count} of ${shown(name)}`).join(' and ')
    const all = lacking.reduce((sum, { count }) => sum + LEAST.each - count, 0)
    return `${counted(all, 'more label is', 'more labels are')} needed before training: ${list}.`
  }

  /** The classes of a label. */
  partsOf(value: string): readonly string[] {
    if (this.separator === null) return value === '' ? [] : [value]
    return [...new Set(value.split(this.separator).map(tidy))].filter((part) => part !== '')
  }

  #set(row: number, value: string): void {
    const before = this.#values[row] ?? ''
    if (this.#hasText[row]) this.#labelled += Number(tidy(value) !== '') - Number(before !== '')
    this.#count(before, -1)
    this.#values[row] = tidy(value)
    this.#count(tidy(value), 1)
    for (const part of this.partsOf(tidy(value))) if (!this.#keys.has(part)) this.#keys.set(part, this.#freeKey())
  }

  #count(value: string, by: number): void {
    for (const part of this.partsOf(value)) this.#counts.set(part, (this.#counts.get(part) ?? 0) + by)
  }

  #name(name: string, key: string | null): void {
    // A key marks with one class: the newest one takes it.
    for (const [other, theirs] of this.#keys) if (key !== null && theirs === key && other !== name) this.#keys.set(other, null)
    this.#keys.set(name, key)
  }

  #rename(from: string, to: string): void {
    if (from === to || to === '' || !this.#keys.has(from)) return
    for (const [row, value] of this.#values.entries()) {
      if (value === '' || !this.partsOf(value).includes(from)) continue
      const next = this.partsOf(value).map((part) => (part === from ? to : part))
      this.#count(value, -1)
      this.#values[row] = this.separator === null ? to : [...new Set(next)].join(`${this.separator} `)
      this.#count(this.#values[row] ?? '', 1)
      const line = this.#lines[row] ?? 0
      if (this.#marked.has(line)) this.#marked.set(line, this.#values[row] ?? '')
    }
    const entries = [...this.#keys].map(([name, key]) => [name === from && !this.#keys.has(to) ? to : name, key] as const)
    this.#keys.clear()
    for (const [name, key] of entries) if (name !== from) this.#keys.set(name, key)
    this.#counts.delete(from)
    this.#renames.push({ from, to })
  }

  #freeKey(): string | null {
    const taken = new Set(this.#keys.values())
    return DIGITS.find((digit) => !taken.has(digit)) ?? null
  }
}

/** As the data layer compares labels. */
const tidy = (text: string): string => text.trim().normalize('NFC')
