import { codePointOffsets } from '../../src/main/data/spans/span.ts'
import { markedContracts } from './marked-contracts.ts'
import { markedLetters, type MarkedRow } from './marked-letters.ts'

export interface MarkedSet {
  readonly file: string
  /** The column that says which texts belong together. */
  readonly group: string
  readonly rows: readonly MarkedRow[]
}

/** Questions about the marked contracts. */
export const questionsFile = 'contract-questions.json'

export const marksSeed = 20261126

export function allMarkedSets(seed = marksSeed): MarkedSet[] {
  return [
    { file: 'marked-letters.jsonl', group: 'patient_id', rows: markedLetters(seed) },
    { file: 'marked-contracts.jsonl', group: 'matter_id', rows: markedContracts(seed) }
  ]
}

/** One JSON object a line: `id`, the group, `text`, and `spans` with offsets in code points. */
export function toJsonl({ group, rows }: MarkedSet): string {
  return rows
    .map(({ id, group: belongs, text, spans }) => {
      const counts = codePointOffsets(text)
      const inPoints = spans.map(({ start, end, label }) => ({ start: counts[start], end: counts[end], label }))
      return `${JSON.stringify({ id, [group]: belongs, text, spans: inPoints })}\n`
    })
    .join('')
}
