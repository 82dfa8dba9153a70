import type { StoredRow } from '../../datasets/rows-file.ts'
import { isUnanswered, parseAnswers } from '../../questions/parse-answers.ts'
import { parseSpans, type CellPlace } from '../../spans/span.ts'

/** A column that says where something stands in the text of another: it is no text of its own, and changes along with that one. */
export interface Pointing {
  readonly at: number
  /** Marks (`[{"start": 0, …}]`), answers as SQuAD has them, or the words of one answer. */
  readonly kind: 'marks' | 'answers' | 'words'
  /** The column into which it points. */
  readonly text: number
}

/** What is known of a table from its roles; null where nothing is. */
export interface TextRoles {
  readonly textColumn: string | null
  /** The column with the answers to questions that each row asks. */
  readonly answerColumn: string | null
}

const LOOKED_AT = 50
/** Messages about cells are never shown here. */
export const NOWHERE: CellPlace = { file: '', line: 0, column: '' }

/** Columns that point into another, by the first rows: what fits none is a column like any other. */
export function pointingColumns(
  columns: readonly string[],
  rows: readonly StoredRow[],
  { textColumn, answerColumn }: TextRoles
): readonly Pointing[] {
  const looked = rows.slice(0, LOOKED_AT).map(({ cells }) => cells)
  return columns.flatMap((column, at): Pointing[] => {
    const kind = kindOf(
      looked.map((cells) => (cells[at] ?? '').trim()).filter((cell) => cell !== ''),
      column === answerColumn
    )
    const text = kind && textFor(kind, at, looked, columns.indexOf(textColumn ?? ''))
    return kind === null || text === null ? [] : [{ at, kind, text }]
  })
}

function kindOf(cells: readonly string[], isAnswer: boolean): Pointing['kind'] | null {
  if (cells.length === 0) return null
  if (cells.every(areMarks) && cells.some((cell) => cell !== '[]')) return 'marks'
  if (cells.every((cell) => isUnanswered(cell) !== null) && cells.some((cell) => cell.includes('answer_start'))) return 'answers'
  return isAnswer ? 'words' : null
}

function areMarks(cell: string): boolean {
  if (!cell.startsWith('[')) return false
  try {
    const value: unknown = JSON.parse(cell)
    return Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null && 'start' in one && 'end' in one)
  } catch {
    return false
  }
}

/** The column of which most cells fit: of several alike the one that is known for the text, then the longest. Null where none does. */
function textFor(kind: Pointing['kind'], at: number, looked: readonly StoredRow['cells'][], known: number): number | null {
  const full = looked.filter((cells) => (cells[at] ?? '').trim() !== '')
  const candidates = (looked[0] ?? []).flatMap((_, text) => {
    if (text === at) return []
    const fitting = full.filter((cells) => fits(kind, cells[text] ?? '', cells[at] ?? '')).length
    const length = full.reduce((sum, cells) => sum + (cells[text] ?? '').length, 0)
    return fitting === 0 ? [] : [{ text, fitting, length }]
  })
  const isKnown = ({ text }: { readonly text: number }): number => (text === known ? 1 : 0)
  const [best] = candidates.sort((a, b) => b.fitting - a.fitting || isKnown(b) - isKnown(a) || b.length - a.length)
  return best?.text ?? null
}

function fits(kind: Pointing['kind'], text: string, cell: string): boolean {
  try {
    if (kind === 'marks') parseSpans(text, cell, NOWHERE)
    else parseAnswers(text, cell, NOWHERE)
    return true
  } catch {
    return false
  }
}
