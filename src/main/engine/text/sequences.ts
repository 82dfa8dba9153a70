import { assert } from '../../base/assert.ts'
import { InputError } from '../../base/errors.ts'
import { specialsIn } from './template.ts'
import type { Template, TemplatePiece } from './template.ts'

/** What happens to a text that is too long: its head is kept, its head and tail, or it becomes several overlapping windows. */
export type Truncation = 'head' | 'head_tail' | 'windows'

export interface BuildOptions {
  /** The most tokens in a sequence, special tokens included. */
  readonly maxLength: number
  readonly truncation: Truncation
  /** Tokens that neighbouring windows share (Hugging Face's `stride`). 0 by default. */
  readonly stride?: number
  /** The share of the room that `head_tail` gives to the head. A quarter by default (Sun et al. 2019: 128 of 510 tokens). */
  readonly headShare?: number
  /** The word that each token belongs to, to be carried into the sequences. */
  readonly words?: { readonly a: Int32Array; readonly b?: Int32Array | null }
  /** Of a pair, the text that is cut or slid over: the longer one, or always the second, and the first is kept as far as half of the room goes. */
  readonly slides?: 'longer' | 'second'
}

/** One input of the model. All arrays have the same length, at most `maxLength`; no padding. */
export interface BuiltSequence {
  readonly ids: Int32Array
  readonly typeIds: Uint8Array
  /** Present when `words` was given: -1 at special tokens; the words of the second text are numbered on from those of the first. */
  readonly words?: Int32Array
}

export interface Built {
  readonly sequences: readonly BuiltSequence[]
  /** How many tokens of the texts are in no sequence. */
  readonly truncatedTokens: number
}

/** A stretch [start, end) of a text's tokens; a text is kept as one or two of them. */
type Spans = readonly (readonly [start: number, end: number])[]

const NOTHING: Spans = [[0, 0]]

/**
 * Wraps the token ids of one text (`b` null) or a pair in the special tokens of `template` and cuts them to `maxLength`.
 * With `head` the result is Hugging Face's `tokenizer(a, b, truncation=True, max_length=maxLength)`; with `windows` on one text it is that
 * with `stride` and `return_overflowing_tokens`. A pair's windows slide over its longer text; the shorter one is repeated in each, cut to
 * half of the room where it is longer than that. With `slides: 'second'` it is Hugging Face's `truncation='only_second'`.
 */
export function buildSequences(template: Template, a: Int32Array, b: Int32Array | null, options: BuildOptions): Built {
  const pieces = b === null ? template.single : template.pair
  if (pieces === null) {
    throw new InputError(
      'tokenizer-pair',
      'This tokenizer has no form for pairs of texts. Use one text column, or another model.'
    )
  }
  const room = roomFor(pieces, options.maxLength)
  const lengthB = b?.length ?? 0
  if (a.length + lengthB <= room) {
    const whole = assemble(pieces, a, b, [[0, a.length]], [[0, lengthB]], options)
    return { sequences: [whole], truncatedTokens: 0 }
  }
  if (options.truncation === 'windows') return buildWindows(pieces, a, b, room, options)
  const shareOut = options.slides === 'second' ? onlySecond : longestFirst
  const [keepA, keepB] = b === null ? [room, 0] : shareOut(a.length, b.length, room)
  const cut = options.truncation === 'head' ? headOf : (length: number, keep: number) => headAndTailOf(length, keep, options)
  const sequence = assemble(pieces, a, b, cut(a.length, keepA), cut(lengthB, keepB), options)
  return { sequences: [sequence], truncatedTokens: a.length + lengthB - keepA - keepB }
}

/** How many tokens of the texts fit beside the special tokens of `pieces`. */
function roomFor(pieces: readonly TemplatePiece[], maxLength: number): number {
  const specials = specialsIn(pieces)
  if (Number.isInteger(maxLength) && maxLength > specials) return maxLength - specials
  const message = `max_length is ${maxLength}, but ${specials} special tokens are added to each text: set it to ${specials + 1} or more.`
  throw new InputError('max-length-too-small', message, { key: 'max_length' })
}

/**
 * How many tokens of each text of a pair remain under Hugging Face's `longest_first`, given that they do not both fit into `room`: the
 * shorter text is kept whole while it fills at most half of the room, else both get half, the odd one going to the longer text.
 */
function longestFirst(lengthA: number, lengthB: number, room: number): [number, number] {
  const shorter = Math.min(lengthA, lengthB)
  const half = Math.floor(room / 2)
  const keepShorter = shorter <= half ? shorter : half
  const keepLonger = room - keepShorter
  return lengthA > lengthB ? [keepLonger, keepShorter] : [keepShorter, keepLonger]
}

/** The first text is kept whole while it fills at most half of the room. */
function onlySecond(lengthA: number, lengthB: number, room: number): [number, number] {
  const keepA = Math.min(lengthA, Math.floor(room / 2))
  return [keepA, Math.min(lengthB, room - keepA)]
}

function headOf(length: number, keep: number): Spans {
  return [[0, Math.min(length, keep)]]
}

function headAndTailOf(length: number, keep: number, { headShare = 0.25 }: BuildOptions): Spans {
  assert(headShare >= 0 && headShare <= 1, `headShare ${headShare} is not a share`)
  if (length <= keep || keep < 2) return headOf(length, keep)
  const head = Math.min(Math.max(1, Math.round(keep * headShare)), keep - 1)
  return [
    [0, head],
    [length - (keep - head), length]
  ]
}

function buildWindows(
  pieces: readonly TemplatePiece[],
  a: Int32Array,
  b: Int32Array | null,
  room: number,
  options: BuildOptions
): Built {
  const slidesOverA = b === null || (options.slides !== 'second' && a.length > b.length)
  const [longer, shorter] = slidesOverA ? [a.length, b?.length ?? 0] : [b.length, a.length]
  const keepShorter = Math.min(shorter, Math.floor(room / 2))
  const size = room - keepShorter
  const stride = options.stride ?? 0
  if (!Number.isInteger(stride) || stride < 0 || (b === null && stride >= size)) {
    const message = `The overlap of windows (stride) is ${stride}; it must be a whole number from 0 to ${size - 1}, less than a window's ${size} tokens.`
    throw new InputError('stride-too-large', message, { key: 'stride' })
  }
  // Beside a second text the windows of one row may be shorter than the overlap asked for.
  const step = size - Math.min(stride, size - 1)
  const still: Spans = [[0, keepShorter]]
  const sequences: BuiltSequence[] = []
  for (let start = 0, end = 0; end < longer; start += step) {
    end = Math.min(start + size, longer)
    const window: Spans = [[start, end]]
    sequences.push(slidesOverA ? assemble(pieces, a, b, window, still, options) : assemble(pieces, a, b, still, window, options))
  }
  return { sequences, truncatedTokens: shorter - keepShorter }
}

function lengthOf(spans: Spans): number {
  return spans.reduce((sum, [start, end]) => sum + end - start, 0)
}

/** Writes the kept stretches of both texts between the special tokens. */
function assemble(
  pieces: readonly TemplatePiece[],
  a: Int32Array,
  b: Int32Array | null,
  spansA: Spans,
  spansB: Spans,
  options: BuildOptions
): BuiltSequence {
  const length = specialsIn(pieces) + lengthOf(spansA) + (b === null ? 0 : lengthOf(spansB))
  assert(length <= options.maxLength, `a sequence of ${length} tokens exceeds max_length ${options.maxLength}`)
  const ids = new Int32Array(length)
  const typeIds = new Uint8Array(length)
  const words = options.words === undefined ? null : new Int32Array(length).fill(-1)
  let at = 0
  for (const piece of pieces) {
    const start = at
    if (piece.kind === 'special') ids[at++] = piece.id
    else {
      const source = piece.of === 'a' ? a : b
      for (const [from, to] of piece.of === 'a' ? spansA : b === null ? NOTHING : spansB) {
        if (source !== null) ids.set(source.subarray(from, to), at)
        if (words !== null) copyWords(words, at, piece.of, from, to, options)
        at += to - from
      }
    }
    typeIds.fill(piece.typeId, start, at)
  }
  return words === null ? { ids, typeIds } : { ids, typeIds, words }
}

function copyWords(into: Int32Array, at: number, of: 'a' | 'b', from: number, to: number, { words }: BuildOptions): void {
  const source = of === 'a' ? words?.a : words?.b
  if (source === undefined || source === null || words === undefined) return
  const before = of === 'a' ? 0 : wordsIn(words.a)
  for (let i = from; i < to; i++) {
    const word = source[i] ?? -1
    into[at + i - from] = word < 0 ? -1 : word + before
  }
}

/** One more than the highest word number. */
function wordsIn(words: Int32Array): number {
  return words.reduce((highest, word) => Math.max(highest, word + 1), 0)
}
