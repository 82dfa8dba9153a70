import { InputError } from '../../base/errors.ts'
import { shown } from '../../base/wording.ts'

/** A marked passage: the text's UTF-16 units [start, end), as JavaScript counts them, and the kind of what stands there. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly label: string
}

/** A text with its marks, as importers of other programs' files hand it on. Marks are in no order and may overlap. */
export interface MarkedDocument {
  readonly id: string
  readonly text: string
  readonly spans: readonly Span[]
  /** The person, matter or file that it belongs to; documents of one group never stand in two parts. */
  readonly group?: string
}

/** Where a cell stands, for messages. */
export interface CellPlace {
  readonly file: string
  readonly line: number
  readonly column: string
}

/**
 * UTF-16 offset of each Unicode code point of a text, with the text's length as the last one: [code points + 1].
 * Python, and so doccano, spaCy and Prodigy, count code points; JavaScript and Label Studio count UTF-16 units.
 */
export function utf16Offsets(text: string): Uint32Array {
  const offsets = new Uint32Array(text.length + 1)
  let count = 0
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) offsets[count++] = at
  offsets[count] = text.length
  return offsets.slice(0, count + 1)
}

/** The number of code points before each UTF-16 unit of a text, and in all of it: [units + 1]. */
export function codePointOffsets(text: string): Uint32Array {
  const counts = new Uint32Array(text.length + 1)
  let count = 0
  for (let at = 0; at < text.length; count++) {
    const width = (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
    for (let unit = 0; unit < width; unit++) counts[at + unit] = count
    at += width
  }
  counts[text.length] = count
  return counts
}

/** A stretch of a text. */
interface Place {
  readonly start: number
  readonly end: number
}

/** Counts places of a text, given in UTF-16 units, in code points. */
export function inCodePoints(text: string): <P extends Place>(place: P) => P {
  const points = codePointOffsets(text)
  return (place) => ({ ...place, start: points[place.start] ?? 0, end: points[place.end] ?? 0 })
}

/** Counts places of a text, given in code points, in UTF-16 units. */
export function inUnits(text: string): <P extends Place>(place: P) => P {
  const offsets = utf16Offsets(text)
  return (place) => ({ ...place, start: offsets[place.start] ?? 0, end: offsets[place.end] ?? 0 })
}

/** Spans counted in code points, as Python counts, in UTF-16 units. Throws a `RangeError` for one that does not lie within the text. */
export function fromCodePoints(text: string, spans: readonly Span[]): Span[] {
  const offsets = utf16Offsets(text)
  return spans.map(({ start, end, label }) => {
    const [from, to] = [offsets[start], offsets[end]]
    if (from === undefined || to === undefined || from >= to) throw new RangeError(`[${start}, ${end}) does not lie in the text.`)
    return { start: from, end: to, label }
  })
}

/** The cell of a table that holds these spans: a JSON list of `{start, end, label}` in order, counted in code points as spaCy and Prodigy do. */
export function spansCell(text: string, spans: readonly Span[]): string {
  const counts = codePointOffsets(text)
  const inOrder = [...spans].sort((a, b) => a.start - b.start || a.end - b.end)
  return JSON.stringify(inOrder.map(({ start, end, label }) => ({ start: counts[start], end: counts[end], label })))
}

/** Whether a cell looks like a list of spans, by its beginning: cheap enough to ask of every cell of a table. */
export const isSpansCell = (cell: string): boolean => /^\s*\[\s*(?:\]\s*$|\{\s*"(?:start|end|label)"\s*:)/.test(cell)

/**
 * The spans of a cell that `spansCell` wrote, or a person did: further fields are left unread. An empty list means "nothing in this text is marked".
 * Throws an `InputError` for a cell that holds no such list, and for a span outside its text; the cell itself is never quoted.
 */
export function parseSpans(text: string, cell: string, place: CellPlace): Span[] {
  const refused = (why: string): InputError => {
    const message = `Line ${place.line} of ${place.file}: the column ${shown(place.column)} ${why}`
    return new InputError('data_spans_invalid', message, { line: place.line, column: place.column })
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(cell)
  } catch {
    parsed = null
  }
  if (!Array.isArray(parsed)) {
    throw refused('must hold a list of passages such as [{"start": 0, "end": 4, "label": "NAME"}]. Correct the cell.')
  }
  const spans = parsed.map((each: unknown, index) => {
    if (!isSpan(each)) throw refused(`has no start, end and label in passage ${index + 1}. Correct the cell.`)
    return { start: each.start, end: each.end, label: each.label.trim().normalize('NFC') }
  })
  try {
    return fromCodePoints(text, spans)
  } catch {
    throw refused(
      'has a passage outside its text. Start and end count characters from 0, and the end is not part of the passage.'
    )
  }
}

function isSpan(value: unknown): value is Span {
  if (typeof value !== 'object' || value === null) return false
  const { start, end, label } = value as Partial<Record<keyof Span, unknown>> // Checked on the next line.
  return Number.isSafeInteger(start) && Number.isSafeInteger(end) && typeof label === 'string' && label.trim() !== ''
}
