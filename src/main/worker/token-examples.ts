import type { TextRun } from '../engine/training/text-run.ts'
import type { Dataset } from '../data/dataset-types.ts'
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
export async function tokenExamples(
  { dataset, tokenizer, settings }: PreparedRun,
  run: TextRun,
  count: number
): Promise<TokenExample[]> {
  const { lengths, rowOf } = run.train
  const byLength = Array.from(lengths.keys()).sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0))
  const places = Array.from({ length: count }, (_, i) => Math.round(((i + 1) / count) * (byLength.length - 1)))
  const rows = [...new Set(places.flatMap((place) => rowOf[byLength[place] ?? -1] ?? []))]
  const texts = rows.map((row) => dataset.texts[row] ?? '')
  const pairs = dataset.pairs ? rows.map((row) => dataset.pairs?.[row] ?? '') : null
  const encoded = await tokenizer.encode(texts, pairs)
  const { maxLength, truncation, windowStride: stride, headShare } = settings
  return encoded.map(({ a, b }, i) => {
    const built = tokenizer.build(a, b, { maxLength, truncation, stride, headShare })
    const tokens = [...(built.sequences[0]?.ids ?? [])].map((id) => tokenizer.tokenOf(id) ?? String(id))
    return { text: texts[i] ?? '', tokens, answer: answerOf(dataset, rows[i] ?? 0), cut: built.truncatedTokens }
  })
}

function answerOf({ labels, classNames, texts }: Dataset, row: number): string | null {
  switch (labels.kind) {
    case 'class':
      return classNames[labels.values[row] ?? 0] ?? null
    case 'multi_hot':
      return classNames.filter((_, c) => labels.values[row * classNames.length + c] === 1).join('; ')
    case 'target':
      return String(labels.values[row] ?? '')
    case 'spans': {
      const text = texts[row] ?? ''
      return labels.values[row]?.map(({ start, end, label }) => `${label}: ${text.slice(start, end)}`).join('; ') ?? ''
    }
    case 'answers': {
      const [answer] = labels.values[row] ?? []
      return answer ? (texts[row] ?? '').slice(answer.start, answer.end) : null
    }
    case 'none':
      return null
  }
}
