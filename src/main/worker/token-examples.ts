import type { Examples } from '../engine/training/examples.ts'
import type { TextRun } from '../engine/training/text-run.ts'
import type { Dataset } from '../data/dataset-types.ts'
import type { PreparedRun } from './prepare.ts'

/** A training row exactly as the model sees it. */
export interface TokenExample {
  readonly text: string
  readonly tokens: readonly string[]
  /** The true tag of each token, null for those that are not asked; null where whole texts are answered. */
  readonly tags: readonly (string | null)[] | null
  readonly answer: string | null
  /** Tokens that do not fit. */
  readonly cut: number
}

/** `count` training rows from short to the longest one. */
export async function tokenExamples(
  { dataset, tokenizer, settings, marking, answering }: PreparedRun,
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
    const row = rows[i] ?? 0
    const seen = marking ? taggedSequence(run.train, row, marking.tags.names) : null
    const asked = answering ? run.train.sequences[rowOf.indexOf(row)] : null
    const tokens = [...(seen?.ids ?? asked?.ids ?? built.sequences[0]?.ids ?? [])].map(
      (id) => tokenizer.tokenOf(id) ?? String(id)
    )
    const answer = seen ? null : answerOf(dataset, row)
    return { text: texts[i] ?? '', tokens, tags: seen?.tags ?? null, answer, cut: built.truncatedTokens }
  })
}

/** The first window of a row, with the tag of each token that is asked in it. */
function taggedSequence(
  { sequences, rowOf, tagged }: Examples,
  row: number,
  names: readonly string[]
): { readonly ids: Int32Array; readonly tags: readonly (string | null)[] } | null {
  const at = rowOf.indexOf(row)
  const sequence = sequences[at]
  if (!sequence || !tagged) return null
  const tags = new Array<string | null>(sequence.ids.length).fill(null)
  tagged.places[at]?.forEach((place, i) => (tags[place] = names[tagged.tags[tagged.units[at]?.[i] ?? -1] ?? 0] ?? null))
  return { ids: sequence.ids, tags }
}

function answerOf({ labels, classNames, texts }: Dataset, row: number): string | null {
  switch (labels.kind) {
    case 'class':
      return classNames[labels.values[row] ?? 0] ?? null
    case 'multi_hot':
      return classNames.filter((_, c) => labels.values[row * classNames.length + c] === 1).join('; ')
    case 'target':
      return String(labels.values[row] ?? '')
    case 'answers': {
      const [answer] = labels.values[row] ?? []
      return answer ? (texts[row] ?? '').slice(answer.start, answer.end) : null
    }
    case 'spans':
    case 'none':
      return null
  }
}
