import type { Examples } from '../engine/training/examples.ts'
import type { TextRun } from '../engine/training/text-run.ts'
import type { Dataset } from '../data/dataset-types.ts'
import type { PreparedRun } from './prepare.ts'

/** A training row exactly as the model sees it. */
export interface TokenExample {
  readonly text: string
  readonly tokens: readonly string[]
  /** The true tag of each token, null for those that are not asked or have none; null where whole texts are answered. */
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
  const { rowOf } = run.train
  const rows = answering ? askedRows(run.train, count) : fromShortToLong(run.train, [...rowOf.keys()], count)
  const texts = rows.map((row) => dataset.texts[row] ?? '')
  const pairs = dataset.pairs ? rows.map((row) => dataset.pairs?.[row] ?? '') : null
  const encoded = await tokenizer.encode(texts, pairs)
  const { maxLength, truncation, windowStride: stride, headShare } = settings
  const made: TokenExample[] = []
  for (const [i, { a, b }] of encoded.entries()) {
    const built = tokenizer.build(a, b, { maxLength, truncation, stride, headShare })
    const row = rows[i] ?? 0
    const tagged = marking ? await taggedSequence(run.train, row, marking.tags.names) : null
    const seen = tagged ?? (answering ? await askedSequence(run.train, row) : null)
    const tokens = [...(seen?.ids ?? built.sequences[0]?.ids ?? [])].map((id) => tokenizer.tokenOf(id) ?? String(id))
    const answer = tagged ? null : answerOf(dataset, row)
    made.push({ text: texts[i] ?? '', tokens, tags: seen?.tags ?? null, answer, cut: built.truncatedTokens })
  }
  return made
}

/** Rows of `count` of these sequences, from short to the longest one. */
function fromShortToLong({ lengths, rowOf }: Examples, sequences: readonly number[], count: number): number[] {
  const byLength = sequences.toSorted((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0))
  const places = Array.from({ length: count }, (_, i) => Math.round(((i + 1) / count) * (byLength.length - 1)))
  return [...new Set(places.flatMap((place) => rowOf[byLength[place] ?? -1] ?? []))]
}

/** Questions with an answer, and one without where there are any. */
function askedRows(train: Examples, count: number): number[] {
  const { rowOf, answers } = train
  const holds = (at: number): boolean => (answers?.last[at] ?? 0) > 0
  const answered = new Set([...rowOf].filter((_, at) => holds(at)))
  const sequences = [...rowOf.keys()]
  const none = fromShortToLong(
    train,
    sequences.filter((at) => !answered.has(rowOf[at] ?? -1)),
    1
  )
  return [...fromShortToLong(train, sequences.filter(holds), count - none.length), ...none]
}

/** The window of a row that holds its answer, else its first, with the tokens that are to be found: where the answer begins and ends, or that there is none. */
async function askedSequence({ sequences, rowOf, answers }: Examples, row: number): Promise<SeenSequence | null> {
  const windows = [...rowOf.keys()].filter((at) => rowOf[at] === row)
  const at = windows.find((each) => (answers?.last[each] ?? 0) > 0) ?? windows[0] ?? -1
  const [sequence] = at < 0 ? [] : await sequences.of(Int32Array.of(at))
  if (!sequence) return null
  const [first, last] = [answers?.first[at] ?? 0, answers?.last[at] ?? 0]
  const tags = Array.from(sequence.ids, (_, place) => {
    if (last === 0) return place === 0 ? 'none' : null
    if (place === first) return first === last ? 'first, last' : 'first'
    return place === last ? 'last' : null
  })
  return { ids: sequence.ids, tags }
}

interface SeenSequence {
  readonly ids: Int32Array
  readonly tags: readonly (string | null)[]
}

/** The first window of a row, with the tag of each token that is asked in it. */
async function taggedSequence(
  { sequences, rowOf, tagged }: Examples,
  row: number,
  names: readonly string[]
): Promise<SeenSequence | null> {
  const at = rowOf.indexOf(row)
  const [sequence] = at < 0 ? [] : await sequences.of(Int32Array.of(at))
  if (!sequence || !tagged) return null
  const tags = new Array<string | null>(sequence.ids.length).fill(null)
  const units = tagged.units.at(at)
  tagged.places.at(at).forEach((place, i) => (tags[place] = names[tagged.tags[units[i] ?? -1] ?? 0] ?? null))
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
      return answer ? (texts[row] ?? '').slice(answer.start, answer.end) : 'none'
    }
    case 'spans':
    case 'none':
      return null
  }
}
