import type { TextRun } from '../engine/training/text-run.ts'
import type { Dataset } from '../data/dataset-types.ts'
import { tokensAt } from '../engine/text/token-table.ts'
import type { PreparedRun } from './prepare.ts'

/** A training row exactly as the model sees it. */
export interface TokenExample {
  readonly text: string
  readonly tokens: readonly string[]
  readonly answer: string | null
  /** Tokens that do not fit. */
  readonly cut: number
}

/** `count` training rows from short to the longest one. */
export function tokenExamples({ dataset, tokenizer, table, settings }: PreparedRun, run: TextRun, count: number): TokenExample[] {
  const { rows } = run.train
  const byLength = rows.toSorted((a, b) => tokensAt(table, a, 0).length - tokensAt(table, b, 0).length)
  const places = Array.from({ length: count }, (_, i) => Math.round(((i + 1) / count) * (byLength.length - 1)))
  return [...new Set(places)].flatMap((place) => {
    const row = byLength[place]
    if (row === undefined) return []
    const { maxLength, truncation, windowStride: stride, headShare } = settings
    const second = table.columns > 1 ? tokensAt(table, row, 1) : null
    const built = tokenizer.build(tokensAt(table, row, 0), second, { maxLength, truncation, stride, headShare })
    const tokens = [...(built.sequences[0]?.ids ?? [])].map((id) => tokenizer.tokenOf(id) ?? String(id))
    return [{ text: dataset.texts[row] ?? '', tokens, answer: answerOf(dataset, row), cut: built.truncatedTokens }]
  })
}

function answerOf({ labels, classNames }: Dataset, row: number): string | null {
  switch (labels.kind) {
    case 'class':
      return classNames[labels.values[row] ?? 0] ?? null
    case 'multi_hot':
      return classNames.filter((_, c) => labels.values[row * classNames.length + c] === 1).join('; ')
    case 'target':
      return String(labels.values[row] ?? '')
    case 'none':
      return null
  }
}
