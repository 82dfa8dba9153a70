import { basename } from 'node:path'
import { InputError } from '../../../base/errors.ts'
import { sizeOf } from '../../../base/wording.ts'
import { JsonItemScanner } from '../../source/json-items.ts'
import { textOf } from '../../source/text.ts'
import type { TableFormat } from '../define-importer.ts'
import { linesOf } from '../jsonl.ts'
import { isObject, type Item } from './marks-format.ts'

/** An object of a file, or what was there in its place; `line` rises from one to the next. */
export interface Placed {
  readonly line: number
  /** Null for what is no JSON object. */
  readonly item: Item | null
}

export type ItemsOf = (path: string, format: TableFormat, signal?: AbortSignal) => AsyncGenerator<Placed, void, undefined>

/** The objects of JSON Lines, by their lines. */
export async function* lineItems(path: string, format: TableFormat, signal?: AbortSignal): ReturnType<ItemsOf> {
  for await (const { text, line } of linesOf(path, format, signal)) if (text.trim() !== '') yield { line, item: itemIn(text) }
}

/** The objects of a JSON list, by their places in it: several may share a line of the file. */
export async function* listItems(path: string, format: TableFormat, signal?: AbortSignal): ReturnType<ItemsOf> {
  const limit = format.limits.rowLength
  const scanner = new JsonItemScanner(limit)
  try {
    for await (const piece of textOf(path, format.encoding, signal))
      for (const { text, place } of scanner.push(piece)) yield { line: place, item: itemIn(text) }
  } catch (error) {
    if (error instanceof RangeError) throw itemTooLong(path, limit)
    if (error instanceof SyntaxError) throw brokenJson(path)
    throw error
  }
  if (!scanner.isWhole) throw brokenJson(path)
}

const itemTooLong = (path: string, limit: number): InputError =>
  new InputError('data_line_too_long', `${basename(path)} has a document longer than ${sizeOf(limit)}. Split it into several.`, {
    file: path
  })

const brokenJson = (path: string): InputError =>
  new InputError(
    'data_json_invalid',
    `${basename(path)} is no whole list of JSON objects: it ends too early, or brackets do not match. Export it again.`,
    { file: path }
  )

/** Parses one item. spaCy's training lists hold `["text", {"entities": …}]`: the text is put into the object. */
export function itemIn(text: string): Item | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(text, keepNumbers)
  } catch {
    // Broken, or nested beyond what a parser can hold.
    return null
  }
  if (isObject(parsed)) return parsed
  if (!Array.isArray(parsed) || parsed.length !== 2) return null
  const [first, second] = parsed as readonly unknown[] // Checked by Array.isArray, which says any[].
  return typeof first === 'string' && isObject(second) ? { ...second, text: first } : null
}

/** Whole numbers that a double holds are numbers; others stay as they are written: an identifier beyond 2⁵³ would change. */
function keepNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  return context?.source ?? String(value)
}
