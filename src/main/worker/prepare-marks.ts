import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { counted, shown, shownList } from '../base/wording.ts'
import type { RunConfig } from '../config/config-types.ts'
import type { Dataset } from '../data/dataset-types.ts'
import type { Span } from '../data/spans/span.ts'
import { readTags } from '../engine/training/read-tags.ts'
import { crfTensors } from '../engine/tasks/crf.ts'
import { OUTSIDE, TagSet } from '../engine/tasks/tags.ts'
import type { TagOptions } from '../engine/tasks/options.ts'
import { openTokenCache } from '../engine/text/cache.ts'
import { TokenTableBuilder, type TokenTable } from '../engine/text/token-table.ts'
import type { EncodeOptions, Tokenizer } from '../engine/text/tokenizer.ts'
import type { RunSettings } from '../engine/training/run-settings.ts'
import { buildTokenExamples, offsetColumns, offsetRow, type TokenExamples } from '../engine/training/token-examples.ts'
import type { PrepareContext } from './prepare.ts'
import type { CrfFacts } from './run-model.ts'

/** What a run learns that marks passages: their types as tags, and the marks of every row. */
export interface Marking {
  readonly tags: TagSet
  readonly options: TagOptions
}

/** How a run marks passages; null for one that answers whole texts. */
export function markingOf(config: RunConfig, classNames: readonly string[]): Marking | null {
  if (config.task !== 'token-classification') return null
  return { tags: new TagSet(classNames, config.head.scheme), options: config.head }
}

export type TensorReader = (name: string) => Promise<Float32Array>

/** What the conditional random field has learned by now; nothing where there is none. */
export async function crfOf({ options }: Marking, tensor: TensorReader): Promise<{ readonly crf?: CrfFacts }> {
  if (!options.crf) return {}
  const values = async (name: string): Promise<number[]> => [...(await tensor(name))]
  const { transitions, start, end } = crfTensors
  return { crf: { between: await values(transitions), start: await values(start), end: await values(end) } }
}

/** The marks of each row. */
export const marksIn = ({ labels }: Dataset): readonly (readonly Span[])[] => (labels.kind === 'spans' ? labels.values : [])

/** Token ids of texts and where they stand. */
export async function offsetTable(tokenizer: Tokenizer, texts: readonly string[], options: EncodeOptions): Promise<TokenTable> {
  const builder = new TokenTableBuilder(offsetColumns)
  await tokenizer.encodeEach(texts, null, { ...options, offsets: true }, ({ a, offsetsA }) =>
    builder.addRow(...offsetRow(a, offsetsA ?? new Int32Array(2 * a.length)))
  )
  return builder.finish()
}

/** Token ids of every row and where they stand, from the cache on disk where they are there. */
export async function tokeniseMarked(
  dataset: Dataset,
  tokenizer: Tokenizer,
  { cacheFolder, signal, onProgress, onNote, onTokensFound }: PrepareContext
): Promise<TokenTable> {
  const key = { tokenizer: tokenizer.contentHash, dataset: dataset.contentHash, options: { columns: 1, offsets: true } }
  const report = (done: number, total: number): void => onProgress('tokenising', done, total)
  const cache = openTokenCache(join(cacheFolder, 'tokens'))
  const { table, fromCache, warning } = await cache.getOrBuild(key, () =>
    offsetTable(tokenizer, dataset.texts, { signal, onProgress: report })
  )
  if (warning !== null) onNote('token-cache', warning)
  if (fromCache) onTokensFound?.(dataset.texts.length)
  return table
}

/** Texts as a model that marks passages reads them, in order; `marks` where they are known. */
export async function markedExamples(
  tokenizer: Tokenizer,
  settings: RunSettings,
  { tags, options }: Marking,
  texts: readonly string[],
  marks: readonly (readonly Span[])[] | null,
  signal: AbortSignal
): Promise<TokenExamples> {
  const table = await offsetTable(tokenizer, texts, { signal })
  const rows = Int32Array.from(texts, (_, i) => i)
  return buildTokenExamples({ tokenizer, table, texts, rows, marks, tags, labelled: options.labelled, settings })
}

/** Says how many marks cannot be found exactly whatever is learned: tags are of whole words, and cut texts end early. */
export function noteTornMarks(
  dataset: Dataset,
  parts: readonly TokenExamples[],
  { tags, options }: Marking,
  onNote: PrepareContext['onNote']
): void {
  const marks = marksIn(dataset)
  let [all, torn] = [0, 0]
  for (const { rows, tagged } of parts) {
    const read = readTags(tagged, certain(tagged.tags, tags.size), {
      tags,
      decoding: 'independent',
      temperature: 1,
      learned: null
    })
    for (const [i, row] of rows.entries()) {
      const own = marks[row] ?? []
      const kept = new Set(read[i]?.map(({ start, end }) => `${start} ${end}`))
      all += own.length
      torn += own.filter(({ start, end }) => !kept.has(`${start} ${end}`)).length
    }
  }
  if (torn === 0) return
  const unit = options.labelled === 'first' ? 'word' : 'token'
  onNote(
    'marks_torn',
    `${counted(torn, 'mark')} of ${all} cannot be found exactly: ${torn === 1 ? 'it begins or ends' : 'they begin or end'} inside a ${unit}, or beyond where the text is cut. ${torn === 1 ? 'It counts' : 'They count'} as missed.`
  )
}

const certain = (encoded: Int32Array, size: number): Float32Array => {
  const logits = new Float32Array(encoded.length * size)
  encoded.forEach((tag, unit) => (logits[unit * size + tag] = 1))
  return logits
}

/**
 * Weight of each tag, or null for all 1: that of its type, or of `O`. `balanced` is scikit-learn's rule over the training words,
 * words / (kinds · words of the kind), where the kinds are `O` and the types.
 */
export function tagWeights(
  choice: RunSettings['classWeights'],
  { tags }: Marking,
  { tagged }: TokenExamples
): Float64Array | null {
  if (choice === 'none') return null
  const kindOf = (tag: number): string => (tag === OUTSIDE ? 'O' : (tags.types[tags.typeOf(tag)] ?? ''))
  const kinds = ['O', ...tags.types]
  const weights = choice === 'balanced' ? balanced(kinds, Array.from(tagged.tags, kindOf)) : new Map(Object.entries(choice))
  const unknown = [...weights.keys()].find((name) => !kinds.includes(name))
  if (unknown !== undefined) {
    const sentence = `training.class_weights names the type ${shown(unknown)}, which the data does not have. There are ${shownList(kinds, 20)}.`
    throw new InputError('class-weights-unknown', sentence, { key: 'training.class_weights' })
  }
  return Float64Array.from(tags.names, (_, tag) => weights.get(kindOf(tag)) ?? 1)
}

function balanced(kinds: readonly string[], words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const kind of words) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return new Map(kinds.map((kind) => [kind, counts.has(kind) ? words.length / (kinds.length * (counts.get(kind) ?? 1)) : 1]))
}
