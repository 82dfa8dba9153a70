import type { MarkedDocument } from '../../spans/span.ts'

/** An object of a file, parsed. Numbers that would change as a double are still the text that the file has. */
export type Item = Readonly<Record<string, unknown>>

/** One marked document of a file, and what else the file says of it. */
export interface MarkedItem {
  readonly document: MarkedDocument
  /** Further columns by their names. */
  readonly others: Readonly<Record<string, string>>
  /** What the document has besides its marks and the reader leaves, counted by kind: `{ relation: 3 }`. */
  readonly notTaken: Readonly<Record<string, number>>
}

/** A document that was read, or one that was not and why. `line` rises from document to document. */
export type Found =
  | ({ readonly kind: 'document'; readonly line: number } & MarkedItem)
  | { readonly kind: 'rejected'; readonly line: number; readonly reason: string }

/** How one program writes marks as objects, one for each document. */
export interface MarksFormat {
  readonly id: string
  readonly title: string
  /** Whether an object can only be of this format. */
  readonly recognises: (item: Item) => boolean
  /** Throws `NotTaken` for a document that cannot be used. */
  readonly read: (item: Item) => MarkedItem
}

export function defineMarksFormat(format: MarksFormat): MarksFormat {
  return format
}

/** Why one document is left out, as a sentence about "it" that quotes nothing of the text. */
export class NotTaken extends Error {
  readonly reason: string

  constructor(reason: string) {
    super(reason)
    this.name = 'NotTaken'
    this.reason = reason
  }
}

export const isObject = (value: unknown): value is Item => typeof value === 'object' && value !== null && !Array.isArray(value)

export const listAt = (item: Item, key: string): readonly unknown[] | null => {
  const value = item[key]
  return Array.isArray(value) ? (value as readonly unknown[]) : null // Checked by Array.isArray, which says any[].
}

/** The first of these keys that holds a text. Throws `NotTaken` where none does. */
export function textAt(item: Item, ...keys: readonly string[]): string {
  for (const key of keys) {
    const value = item[key]
    if (typeof value === 'string') return value.toWellFormed()
  }
  throw new NotTaken(`It has no ${keys[0] ?? 'text'}.`)
}

/** A value as a cell; null for lists, objects and what is not there. */
export function cellOf(value: unknown): string | null {
  if (typeof value === 'string') return value.toWellFormed()
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}

/**
 * The simple values of an object as further columns, those of its `meta` as `meta.KEY`: a column that says what belongs together is often among
 * them. Keys in `used` and those that begin with an underscore are the format's own.
 */
export function othersOf(item: Item, used: readonly string[]): Record<string, string> {
  // Without a prototype a column named `__proto__` is a column like any other.
  const others = Object.create(null) as Record<string, string>
  const add = (name: string, value: unknown): void => {
    const cell = cellOf(value)
    if (cell !== null) others[name] = cell
  }
  for (const [key, value] of Object.entries(item)) {
    if (used.includes(key) || key.startsWith('_')) continue
    if (key === 'meta' && isObject(value)) for (const [name, inner] of Object.entries(value)) add(`meta.${name}`, inner)
    else if (!OWN_COLUMNS.includes(key)) add(key, value)
  }
  return others
}

/** The columns that every file of marks has. */
export const OWN_COLUMNS: readonly string[] = ['text', 'spans', 'id']

/** Counts by kind, without the kinds of which there are none. */
export const counts = (all: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0))
