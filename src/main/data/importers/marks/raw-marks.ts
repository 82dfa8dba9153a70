import { counted } from '../../../base/wording.ts'
import { utf16Offsets, type Span } from '../../spans/span.ts'
import { isObject, NotTaken } from './marks-format.ts'

/** A mark as a file has it, not checked yet. */
export interface RawMark {
  readonly start: unknown
  readonly end: unknown
  readonly label: unknown
}

/** What offsets count: Unicode code points, as Python does, or UTF-16 units, as JavaScript does. */
export type Unit = 'code points' | 'UTF-16 units'

const LONGEST_LABEL = 200

/** Marks of a text, checked, in UTF-16 units; one that is given twice is taken once. Throws `NotTaken` for the first that is none. */
export function spansOf(text: string, raw: readonly RawMark[], unit: Unit = 'code points'): Span[] {
  // Without characters beyond the basic plane both count alike.
  const offsets = unit === 'code points' && ASTRAL.test(text) ? utf16Offsets(text) : null
  const length = offsets === null ? text.length : offsets.length - 1
  const spans = new Map<string, Span>()
  for (const [index, mark] of raw.entries()) {
    const label = labelOf(mark.label, index)
    const [start, end] = [offsetOf(mark.start, index), offsetOf(mark.end, index)]
    if (start < 0 || end > length)
      throw new NotTaken(`Its mark ${index + 1} lies outside the text of ${counted(length, 'character')}.`)
    if (start >= end) throw new NotTaken(`Its mark ${index + 1} is empty: it ends where it starts, or before.`)
    const span = { start: offsets?.[start] ?? start, end: offsets?.[end] ?? end, label }
    spans.set(`${span.start} ${span.end} ${label}`, span)
  }
  return [...spans.values()]
}

/** Whether a text has characters that count as two UTF-16 units. */
const ASTRAL = /[\ud800-\udbff][\udc00-\udfff]/

export const hasAstral = (text: string): boolean => ASTRAL.test(text)

function offsetOf(value: unknown, index: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw new NotTaken(`Its mark ${index + 1} has no whole numbers for start and end.`)
}

function labelOf(value: unknown, index: number): string {
  const label = typeof value === 'string' ? value.toWellFormed().trim().normalize('NFC') : ''
  if (label === '') throw new NotTaken(`Its mark ${index + 1} has no label.`)
  if (label.length > LONGEST_LABEL)
    throw new NotTaken(`Its mark ${index + 1} has a label of more than ${LONGEST_LABEL} characters.`)
  return label
}

/** Whether a value looks like `[start, end, "label"]`. */
export const isTriplet = (value: unknown): value is readonly [number, number, string] =>
  Array.isArray(value) &&
  value.length >= 3 &&
  typeof value[0] === 'number' &&
  typeof value[1] === 'number' &&
  typeof value[2] === 'string'

/** Marks written as `[start, end, label]` or as objects with these keys. */
export function rawMarks(list: readonly unknown[], start: string, end: string): RawMark[] {
  return list.map((each, index) => {
    if (Array.isArray(each)) return { start: each[0] as unknown, end: each[1] as unknown, label: each[2] as unknown }
    if (isObject(each)) return { start: each[start], end: each[end], label: each['label'] }
    throw new NotTaken(`Its mark ${index + 1} is no mark.`)
  })
}
