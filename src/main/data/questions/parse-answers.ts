import { InputError } from '../../base/errors.ts'
import { shown } from '../../base/wording.ts'
import { parseSpans, utf16Offsets, type CellPlace } from '../spans/span.ts'

/** An answer: the text's UTF-16 units [start, end). */
export interface AnswerStretch {
  readonly start: number
  readonly end: number
}

export interface ParsedAnswers {
  /** In the order of the cell; none where the text has no answer. */
  readonly answers: readonly AnswerStretch[]
  /** Whether the place was looked for, and the answer stands in more than one. */
  readonly isAmbiguous: boolean
}

/** An answer as SQuAD has it: its words, and how many characters stand before it. */
interface Written {
  readonly text: string
  readonly answer_start: number
}

/**
 * The answers of a cell: SQuAD's lists (`{"text": […], "answer_start": […]}` or `[{"text", "answer_start"}, …]`), counted in code points; marks
 * (`[{"start", "end", "label"}]`); or the answer itself, which then is the first place where it stands. Throws an `InputError` for an answer that does
 * not stand where it is said to; it is never quoted.
 */
export function parseAnswers(text: string, cell: string, place: CellPlace): ParsedAnswers {
  const json = jsonIn(cell)
  const squad = json === undefined ? null : writtenIn(json)
  if (squad) return { answers: squad.map((answer, at) => located(text, answer, place, at)), isAmbiguous: false }
  const isList = Array.isArray(json) && json.every((each) => typeof each === 'object')
  if (isList) return { answers: marked(text, cell, place), isAmbiguous: false }
  const start = text.indexOf(cell)
  if (start < 0) {
    const why = 'holds an answer that does not stand in its text. It must be written as it stands there, or as SQuAD has it.'
    throw refused(place, why)
  }
  return { answers: [{ start, end: start + cell.length }], isAmbiguous: text.includes(cell, start + 1) }
}

/** Whether a cell looks like answers as SQuAD has them: cheap enough to ask of every cell of a table. */
export const isAnswersCell = (cell: string): boolean => /^\s*(?:\{|\[\s*\{)/.test(cell) && cell.includes('"answer_start"')

/** Whether a cell is a list of answers as SQuAD has it, and an empty one; null for what is no such list. */
export function isUnanswered(cell: string): boolean | null {
  const json = jsonIn(cell)
  const squad = json === undefined ? null : writtenIn(json)
  return squad && squad.length === 0
}

function jsonIn(cell: string): unknown {
  if (!/^[[{]/.test(cell)) return undefined
  try {
    return JSON.parse(cell)
  } catch {
    // A text that begins with a bracket.
    return undefined
  }
}

function writtenIn(json: unknown): Written[] | null {
  if (Array.isArray(json)) return json.every(isWritten) ? json : null
  if (typeof json !== 'object' || json === null) return null
  const { text, answer_start: starts } = json as { text?: unknown; answer_start?: unknown } // Checked on the next lines.
  if (!Array.isArray(text) || !Array.isArray(starts) || text.length !== starts.length) return null
  const pairs = text.map((each: unknown, at): unknown => ({ text: each, answer_start: starts[at] as unknown }))
  return pairs.every(isWritten) ? pairs : null
}

function isWritten(value: unknown): value is Written {
  if (typeof value !== 'object' || value === null) return false
  const { text, answer_start: start } = value as Partial<Record<keyof Written, unknown>> // Checked on the next line.
  return typeof text === 'string' && text !== '' && Number.isSafeInteger(start)
}

function located(text: string, { text: words, answer_start: start }: Written, place: CellPlace, at: number): AnswerStretch {
  const from = unitOf(text, start)
  if (from !== undefined && text.startsWith(words, from)) return { start: from, end: from + words.length }
  throw refused(
    place,
    `has an answer (${at + 1}) that does not stand where answer_start says. Characters of the text are counted from 0.`
  )
}

let counted: { readonly text: string; readonly offsets: Uint32Array } | null = null

/** The UTF-16 unit at which a code point stands. Questions of one text follow each other. */
function unitOf(text: string, point: number): number | undefined {
  if (counted?.text !== text) counted = { text, offsets: utf16Offsets(text) }
  return counted.offsets[point]
}

function marked(text: string, cell: string, place: CellPlace): AnswerStretch[] {
  return parseSpans(text, cell, place).map(({ start, end }) => ({ start, end }))
}

function refused({ file, line, column }: CellPlace, why: string): InputError {
  return new InputError('data_spans_invalid', `Line ${line} of ${file}: the column ${shown(column)} ${why}`, { line, column })
}
