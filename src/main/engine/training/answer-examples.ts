import { IntList } from '../../base/int-list.ts'
import type { Lists } from '../text/number-lists.ts'
import { tokenSpans, type TokenSpan } from '../text/text-units.ts'
import { tokensAt, type TokenTable } from '../text/token-table.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import type { Sequence } from './batches.ts'
import type { Examples } from './examples.ts'
import type { RunSettings } from './run-settings.ts'
import { SequenceStore } from './sequences.ts'
import type { TaggedUnits } from './token-examples.ts'

/** A stretch of a text in UTF-16 units. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

/** Place of the true answer's first and last token in each sequence; 0, the first token, where the answer does not stand in it. */
export interface AnswerPlaces {
  readonly first: Int32Array
  readonly last: Int32Array
}

/** Questions with the windows of their texts; `tagged` asks every token, and `from` is −1 at those that are none of the text. */
export type AnswerExamples = Examples & { readonly tagged: TaggedUnits; readonly answers: AnswerPlaces }

export interface AnswerExampleInput {
  readonly tokenizer: Pick<Tokenizer, 'build' | 'highestId'>
  /** One row a text: token ids, and each token's start and end in code points (`offsetRow`). */
  readonly documents: TokenTable
  /** One row a question: token ids. */
  readonly questions: TokenTable
  /** Row of `documents`, and of `questions`, for each row of the data set. */
  readonly documentOf: Int32Array
  readonly questionOf: Int32Array
  /** Text of each row of the data set. */
  readonly texts: readonly string[]
  readonly rows: Int32Array
  /** Right answers of each row, the first is learned; null where there are none to learn from. */
  readonly answers: readonly (readonly Stretch[])[] | null
  readonly settings: Pick<RunSettings, 'maxLength' | 'truncation' | 'windowStride' | 'headShare'>
}

/** Cuts questions and texts to sequences: the question, then a window of the text. */
export function buildAnswerExamples(input: AnswerExampleInput): AnswerExamples {
  const { tokenizer, rows, answers, settings } = input
  const { maxLength, truncation, windowStride: stride, headShare } = settings
  const made = new Collector(tokenizer.highestId)
  const spansOf = lastSpans(input)
  for (const row of rows) {
    const ids = tokensAt(input.documents, input.documentOf[row] ?? 0, 0)
    const question = tokensAt(input.questions, input.questionOf[row] ?? 0)
    // The text's tokens are followed by their numbers.
    const words = { a: new Int32Array(question.length).fill(-1), b: ids.map((_, i) => i) }
    const built = tokenizer.build(question, ids, { maxLength, truncation, stride, headShare, words, slides: 'second' })
    const spans = spansOf(row)
    const [wanted = null] = answers?.[row] ?? []
    for (const { words: tokens = new Int32Array(0), ...sequence } of built.sequences)
      made.add(row, sequence, tokens, spans, wanted, built.sequences.length)
    made.endRow(built.truncatedTokens)
  }
  return made.finish(rows)
}

/** Where the tokens of a row's text stand; rows of one text mostly follow each other. */
function lastSpans({ documents, documentOf, texts }: AnswerExampleInput): (row: number) => readonly TokenSpan[] {
  let last: { readonly document: number; readonly spans: readonly TokenSpan[] } | null = null
  return (row) => {
    const document = documentOf[row] ?? 0
    if (last?.document !== document) {
      const [starts, ends] = [tokensAt(documents, document, 1), tokensAt(documents, document, 2)]
      const offsets = new Int32Array(2 * starts.length)
      starts.forEach((start, token) => offsets.set([start, ends[token] ?? start], 2 * token))
      last = { document, spans: tokenSpans(texts[row] ?? '', offsets) }
    }
    return last.spans
  }
}

/**
 * Places of the first and last token of `answer` in a window, by where each token begins and ends in the text (−1: none of the text): the last one that
 * begins at or before the answer, and the first that ends at or behind its end. Null where the window does not hold all of it.
 */
export function placesOf(from: Int32Array, to: Int32Array, answer: Stretch): readonly [number, number] | null {
  const places = Array.from(from.keys()).filter((place) => (from[place] ?? -1) >= 0)
  const [first, last] = [places[0], places.at(-1)]
  if (first === undefined || last === undefined) return null
  const startAt = (place: number): number => from[place] ?? -1
  const endAt = (place: number): number => to[place] ?? -1
  if (startAt(first) > answer.start || endAt(last) < answer.end) return null
  const begin = places.findLast((place) => startAt(place) <= answer.start) ?? first
  const end = places.find((place) => endAt(place) >= answer.end) ?? last
  return [begin, Math.max(begin, end)]
}

class Collector {
  readonly #sequences: SequenceStore
  readonly #rowOf = new IntList()
  readonly #windows = new IntList()
  readonly #first = new IntList()
  readonly #last = new IntList()
  readonly #starts = new IntList()
  readonly #from = new IntList()
  readonly #to = new IntList()
  #truncatedRows = 0
  #truncatedTokens = 0

  constructor(highestId: number) {
    this.#sequences = new SequenceStore(highestId)
    this.#starts.push(0)
  }

  add(
    row: number,
    sequence: Sequence,
    tokens: Int32Array,
    spans: readonly TokenSpan[],
    answer: Stretch | null,
    windows: number
  ): void {
    this.#sequences.add(sequence)
    this.#rowOf.push(row)
    this.#windows.push(windows)
    const [from, to] = [tokens.map((token) => spans[token]?.start ?? -1), tokens.map((token) => spans[token]?.end ?? -1)]
    const [first, last] = (answer && placesOf(from, to, answer)) ?? [0, 0]
    this.#first.push(first)
    this.#last.push(last)
    this.#from.append(from)
    this.#to.append(to)
  }

  endRow(truncated: number): void {
    this.#starts.push(this.#from.length)
    if (truncated > 0) this.#truncatedRows++
    this.#truncatedTokens += truncated
  }

  finish(rows: Int32Array): AnswerExamples {
    const lengths = this.#sequences.lengths()
    return {
      sequences: this.#sequences,
      rowOf: this.#rowOf.all(),
      share: Float64Array.from(this.#windows.all(), (count) => 1 / count),
      lengths,
      rows,
      truncatedRows: this.#truncatedRows,
      truncatedTokens: this.#truncatedTokens,
      tagged: {
        // Every token is asked: all of them compete in the softmax.
        places: allOf(lengths, () => 0),
        units: allOf(lengths, (sequence) => this.#sequences.startAt(sequence)),
        starts: this.#starts.all(),
        from: this.#from.all(),
        to: this.#to.all(),
        tags: new Int32Array(this.#from.length),
        classes: 2
      },
      answers: { first: this.#first.all(), last: this.#last.all() }
    }
  }
}

/** For each sequence the numbers of all its tokens, from that of its first on. */
function allOf(lengths: Int32Array, first: (sequence: number) => number): Lists {
  const lengthAt = (sequence: number): number => lengths[sequence] ?? 0
  return {
    length: lengths.length,
    lengthAt,
    at: (sequence) => {
      const start = first(sequence)
      return Int32Array.from({ length: lengthAt(sequence) }, (_, i) => start + i)
    }
  }
}
