import { codePointOffsets } from '../data/spans/span.ts'
import type { FoundMark } from '../engine/evaluation/index.ts'

/** A passage that was found in a text. Characters are counted from 0 as Python counts them (code points); the last is not part of it. */
export interface Passage {
  readonly start: number
  readonly end: number
  readonly kind: string
  readonly text: string
  /** The least probability among its words' tags. */
  readonly score: number
}

/** What a model that marks passages answers to a text. */
export interface MarkedAnswer {
  readonly passages: readonly Passage[]
}

/** Found marks, in UTF-16 units, as passages for other programs. */
export function passagesOf(text: string, marks: readonly FoundMark[]): Passage[] {
  const points = codePointOffsets(text)
  return marks.map(({ start, end, label, confidence }) => ({
    start: points[start] ?? 0,
    end: points[end] ?? 0,
    kind: label,
    text: text.slice(start, end),
    score: confidence
  }))
}
