import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { Tokenizer as NativeTokenizer } from '@anush008/tokenizers'
import type { Encoding } from '@anush008/tokenizers'
import { assert } from '../../base/assert.ts'
import { InputError, messageOf } from '../../base/errors.ts'
import { guardDefinition, highestIdOf, readTokenizerDefinition } from './definition.ts'
import type { TokenizerDefinition } from './definition.ts'
import { isJsonObject } from './json.ts'
import type { JsonObject } from './json.ts'
import { buildSequences } from './sequences.ts'
import type { BuildOptions, Built } from './sequences.ts'
import { resolveSpecialTokens } from './special-tokens.ts'
import type { SpecialTokens } from './special-tokens.ts'
import { probeTemplate } from './template.ts'
import type { Template } from './template.ts'
import type { TokenSpans } from './word-spans.ts'

/** The tokens of one row: all of them, without special tokens. */
export interface Encoded {
  readonly a: Int32Array
  /** The second text's tokens; null where the row is a single text. */
  readonly b: Int32Array | null
  /** With `wordIds`: the word of each token, from 0, or -1. */
  readonly wordsA?: Int32Array
  readonly wordsB?: Int32Array | null
  /** With `offsets`: where each token of the first text lies in it, in code points: start and end by turns, [2 · tokens]. */
  readonly offsetsA?: Int32Array
}

export interface EncodeOptions {
  readonly wordIds?: boolean
  readonly offsets?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (rowsDone: number, rows: number) => void
}

/** How well a vocabulary fits some texts. A word is what stands between white space. */
export interface Fragmentation {
  readonly words: number
  readonly tokens: number
  readonly tokensPerWord: number
  /** The share of tokens that are the unknown token. */
  readonly unknownRate: number
}

export interface Tokenizer {
  /** How many tokens there are, added ones included. */
  readonly vocabularySize: number
  /** The highest token id: the embedding table needs one row more than this. */
  readonly highestId: number
  readonly specialTokens: SpecialTokens
  /** The ids of all special tokens. */
  readonly specialIds: ReadonlySet<number>
  readonly template: Template
  /** SHA-256 in hex over everything that decides the ids. */
  readonly contentHash: string
  /** Token ids of each text (and of each `pairs[i]` beside it), never truncated or padded. Lone surrogates count as U+FFFD. */
  encode(texts: readonly string[], pairs?: readonly string[] | null, options?: EncodeOptions): Promise<Encoded[]>
  /** As `encode`, row by row in their order, for whom all of them at once would be too many. */
  encodeEach(
    texts: readonly string[],
    pairs: readonly string[] | null,
    options: EncodeOptions,
    take: (encoded: Encoded) => void
  ): Promise<void>
  /** Where each token of a text lies in it, in code points; the tokens are those of `encode`. */
  spans(text: string): Promise<TokenSpans>
  /** See `buildSequences`. */
  build(a: Int32Array, b: Int32Array | null, options: BuildOptions): Built
  decode(ids: ArrayLike<number>, options?: { readonly skipSpecialTokens?: boolean }): Promise<string>
  tokenOf(id: number): string | null
  idOf(token: string): number | null
  fragmentation(texts: readonly string[]): Promise<Fragmentation>
}

/** Reads the tokenizer of a Hugging Face model folder. Its own truncation and padding settings are ignored. */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  return createTokenizer(await readTokenizerDefinition(folder))
}

/** A tokenizer from what its files hold. */
export async function createTokenizer(source: TokenizerDefinition): Promise<Tokenizer> {
  guardDefinition(source.definition, source.file)
  const effective = effectiveDefinition(source)
  const text = JSON.stringify(effective)
  const native = parseNative(text, source.file)
  const { roles, ids: specialIds, highestAdded } = resolveSpecialTokens(native, source)
  const template = await probing(source.file, () => probeTemplate(native, source.file))
  const hash = createHash('sha256')
    .update(text)
    .update(JSON.stringify([roles, [...specialIds], template]))
  const encodeBatch: EncodeBatch = (texts) =>
    probing(source.file, () =>
      native.encodeBatch(
        texts.map((text) => text.toWellFormed()),
        { addSpecialTokens: false }
      )
    )
  const encodeEach: Tokenizer['encodeEach'] = (texts, pairs, options, take) =>
    encodeRows(encodeBatch, texts, pairs, options, take)
  const encode: Tokenizer['encode'] = async (texts, pairs = null, options = {}) => {
    const rows: Encoded[] = []
    await encodeEach(texts, pairs, options, (encoded) => rows.push(encoded))
    return rows
  }
  return {
    vocabularySize: native.getVocabSize(true),
    highestId: Math.max(highestIdOf({ model: effective['model'] }), highestAdded),
    specialTokens: roles,
    specialIds,
    template,
    contentHash: hash.digest('hex'),
    encode,
    encodeEach,
    spans: (text) => probing(source.file, () => spansOf(native, text)),
    build: (a, b, options) => buildSequences(template, a, b, options),
    decode: (ids, { skipSpecialTokens = true } = {}) => native.decode(Array.from(ids), skipSpecialTokens),
    tokenOf: (id) => native.idToToken(id),
    idOf: (token) => native.tokenToId(token),
    fragmentation: async (texts) =>
      countFragments(
        texts,
        (await encode(texts)).map(({ a }) => a),
        roles.unk
      )
  }
}

/** tokenizer.json without its own cutting, padding and random merges, and with what tokenizer_config.json overrides in it. */
export function effectiveDefinition({ definition, settings }: TokenizerDefinition): JsonObject {
  const model: JsonObject = isJsonObject(definition['model']) ? definition['model'] : {}
  const deterministic = 'dropout' in model ? { ...model, dropout: null } : model
  return { ...definition, ...overridesFrom(settings, definition), truncation: null, padding: null, model: deterministic }
}

/** Hugging Face's own classes let tokenizer_config.json win over tokenizer.json in these settings. The generic class does not. */
function overridesFrom(settings: JsonObject, definition: JsonObject): JsonObject {
  if (!/^(Bert|DistilBert|Electra|MobileBert|Roberta)Tokenizer/.test(String(settings['tokenizer_class']))) return {}
  const { normalizer, pre_tokenizer: preTokenizer } = definition
  const overrides: Record<string, unknown> = {}
  if (isJsonObject(normalizer) && normalizer['type'] === 'BertNormalizer') {
    const renamed = { lowercase: 'do_lower_case', strip_accents: 'strip_accents', handle_chinese_chars: 'tokenize_chinese_chars' }
    const declared = Object.entries(renamed).filter(([, key]) => typeof settings[key] === 'boolean')
    overrides['normalizer'] = { ...normalizer, ...Object.fromEntries(declared.map(([name, key]) => [name, settings[key]])) }
  }
  if (isJsonObject(preTokenizer) && preTokenizer['type'] === 'ByteLevel' && typeof settings['add_prefix_space'] === 'boolean') {
    overrides['pre_tokenizer'] = { ...preTokenizer, add_prefix_space: settings['add_prefix_space'] }
  }
  return overrides
}

function parseNative(text: string, file: string): NativeTokenizer {
  try {
    return NativeTokenizer.fromString(text)
  } catch (error) {
    const message = `${basename(file)} is not a tokenizer that can be used: ${messageOf(error).slice(0, 200)}. Copy it again from where the model came from.`
    throw new InputError('tokenizer-unusable', message, { file }, { cause: error })
  }
}

/** Turns the native library's complaints, such as a vocabulary without its unknown token, into an InputError. */
async function probing<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof InputError || (error instanceof Error && error.name === 'AbortError')) throw error
    const message = `${basename(file)} cannot tokenize this text: ${messageOf(error).slice(0, 200)}.`
    throw new InputError('tokenizer-unusable', message, { file }, { cause: error })
  }
}

// The library's encodings hold every token's text and offsets, unknown to the collector: small batches keep few of them alive.
const BATCH_ROWS = 256
const BATCH_CHARACTERS = 1 << 18

/** Where a batch of rows that begins at `start` ends. */
function batchEnd(texts: readonly string[], pairs: readonly string[] | null, start: number): number {
  let end = start
  for (let characters = 0; end < texts.length && end - start < BATCH_ROWS && characters < BATCH_CHARACTERS; end++)
    characters += (texts[end]?.length ?? 0) + (pairs?.[end]?.length ?? 0)
  return end
}

async function spansOf(native: NativeTokenizer, text: string): Promise<TokenSpans> {
  const [encoding] = await native.encodeBatch([text.toWellFormed()], { addSpecialTokens: false })
  return (encoding?.getOffsets() ?? []).map(([start = 0, end = 0]) => [start, end] as const)
}

function wordsOf(encoding: Encoding): Int32Array {
  return Int32Array.from(encoding.getWordIds(), (word) => word ?? -1)
}

type EncodeBatch = (texts: readonly string[]) => Promise<Encoding[]>

async function encodeRows(
  encodeBatch: EncodeBatch,
  texts: readonly string[],
  pairs: readonly string[] | null,
  options: EncodeOptions,
  take: (encoded: Encoded) => void
): Promise<void> {
  assert(pairs === null || pairs.length === texts.length, `${texts.length} texts but ${pairs?.length} second texts`)
  const idsOf = (encoding: Encoding): Int32Array => new Int32Array(encoding.getIds())
  for (let start = 0; start < texts.length;) {
    options.signal?.throwIfAborted()
    const end = batchEnd(texts, pairs, start)
    const first = await encodeBatch(texts.slice(start, end))
    const second = pairs && (await encodeBatch(pairs.slice(start, end)))
    for (const [i, encoding] of first.entries()) {
      const beside = second?.[i]
      take({
        a: idsOf(encoding),
        b: beside ? idsOf(beside) : null,
        ...(options.wordIds === true && { wordsA: wordsOf(encoding), wordsB: beside ? wordsOf(beside) : null }),
        ...(options.offsets === true && { offsetsA: Int32Array.from(encoding.getOffsets().flat()) })
      })
    }
    start = end
    options.onProgress?.(start, texts.length)
  }
}

function countFragments(texts: readonly string[], rows: readonly Int32Array[], unknown: number | null): Fragmentation {
  let words = 0
  let tokens = 0
  let unknowns = 0
  for (const text of texts) words += text.match(/\S+/gu)?.length ?? 0
  for (const ids of rows) {
    tokens += ids.length
    for (const id of ids) if (id === unknown) unknowns++
  }
  return { words, tokens, tokensPerWord: words === 0 ? 0 : tokens / words, unknownRate: tokens === 0 ? 0 : unknowns / tokens }
}
