import { parseAnswers } from '../../questions/parse-answers.ts'
import { codePointOffsets, parseSpans, spansCell, type Span } from '../../spans/span.ts'
import type { CleanText } from '../cleaner.ts'
import { moved } from '../rewrite.ts'
import { NOWHERE, type Pointing } from './pointing.ts'

/** A cell that points into a text, after the text was cleaned. */
export interface Followed {
  readonly cell: string
  /** Marks or answers of which nothing is left in the text. */
  readonly gone: number
}

/**
 * Moves what a cell points at along with the edits of its text: what was replaced is what stands there now. An answer of which nothing is left leaves its
 * row without an answer. Null for a cell that does not fit the text as it was.
 */
export function follow(kind: Pointing['kind'], before: string, cell: string, clean: CleanText): Followed | null {
  try {
    return kind === 'marks' ? followMarks(before, cell, clean) : followAnswers(before, cell, clean)
  } catch {
    return null
  }
}

function followMarks(before: string, cell: string, { text, edits }: CleanText): Followed {
  const spans = parseSpans(before, cell, NOWHERE)
  const after = moved(spans, edits)
  return { cell: spansCell(text, after), gone: spans.length - after.length }
}

function followAnswers(before: string, cell: string, { text, edits }: CleanText): Followed {
  const { answers } = parseAnswers(before, cell, NOWHERE)
  const after = moved(
    answers.map(({ start, end }) => ({ start, end, label: '' })),
    edits
  )
  const gone = answers.length - after.length
  if (answers.length === 0) return { cell, gone }
  if (after.length === 0) return { cell: '', gone }
  return { cell: written(text, after, cell), gone }
}

/** Answers in the form of the cell that they come from. Words alone are read as the first place where they stand: those of a later place say which. */
function written(text: string, answers: readonly Span[], cell: string): string {
  const words = answers.map(({ start, end }) => text.slice(start, end))
  const isPlain = !/^\s*[[{]/.test(cell)
  if (isPlain && text.indexOf(words[0] ?? '') === answers[0]?.start) return words[0] ?? ''
  const points = codePointOffsets(text)
  const starts = answers.map(({ start }) => points[start] ?? 0)
  if (/^\s*\[/.test(cell)) return JSON.stringify(words.map((each, at) => ({ text: each, answer_start: starts[at] })))
  return JSON.stringify({ text: words, answer_start: starts })
}
