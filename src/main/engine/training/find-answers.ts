import type { Stretch } from './answer-examples.ts'
import type { Examples } from './examples.ts'

/** How answers are read from scores. */
export interface AnswerReading {
  /** Tokens of an answer at most. */
  readonly maxAnswerLength: number
  /** Firsts and lasts of each window that are tried with each other, and answers that are kept. */
  readonly nBest: number
}

/** An answer in its text, in UTF-16 units, and its probability among the n best and "no answer". */
export interface ScoredStretch extends Stretch {
  readonly score: number
}

/** What the model has to say to a question. */
export interface ReadQuestion {
  /** Best first; empty where the text has no token. */
  readonly best: readonly ScoredStretch[]
  /** How much more "no answer" scores than the best answer, in logits: the least of the windows' scores of it. */
  readonly noneGap: number
  /** Probability of "no answer", as `score`. */
  readonly noneScore: number
}

interface Candidate extends Stretch {
  readonly logit: number
}

/**
 * The n best answers of each row from the scores of its tokens, [units, 2]: `postprocess_qa_predictions` of transformers' examples with
 * version_2_with_negative. The n highest firsts and lasts of each window are paired; what ends before it begins, is too long or is no text is no answer.
 */
export function findAnswers(examples: Examples, logits: Float32Array, reading: AnswerReading): ReadQuestion[] {
  const windows = windowsByRow(examples)
  return Array.from(examples.rows, (row) => {
    const candidates: Candidate[] = []
    let none = Infinity
    for (const sequence of windows.get(row) ?? []) {
      const units = examples.tagged?.units.at(sequence) ?? new Int32Array(0)
      const [first = 0] = units
      const scores = (at: 0 | 1): Float64Array => Float64Array.from(units, (_, i) => logits[2 * (first + i) + at] ?? 0)
      const [starts, ends] = [scores(0), scores(1)]
      none = Math.min(none, (starts[0] ?? 0) + (ends[0] ?? 0))
      candidates.push(...pairs(examples, first, starts, ends, reading))
    }
    return ranked(candidates, none, reading.nBest)
  })
}

/** The sequences of each row. */
export function windowsByRow({ rowOf }: Pick<Examples, 'rowOf'>): ReadonlyMap<number, readonly number[]> {
  const windows = new Map<number, number[]>()
  rowOf.forEach((row, sequence) => {
    const own = windows.get(row)
    if (own) own.push(sequence)
    else windows.set(row, [sequence])
  })
  return windows
}

function pairs(
  { tagged }: Examples,
  first: number,
  starts: Float64Array,
  ends: Float64Array,
  { maxAnswerLength, nBest }: AnswerReading
): Candidate[] {
  const found: Candidate[] = []
  const [from, to] = [tagged?.from ?? new Int32Array(0), tagged?.to ?? new Int32Array(0)]
  const lasts = highest(ends, nBest)
  for (const begin of highest(starts, nBest)) {
    for (const end of lasts) {
      const [start, stop] = [from[first + begin] ?? -1, to[first + end] ?? -1]
      if (start < 0 || stop < 0 || end < begin || end - begin + 1 > maxAnswerLength || stop <= start) continue
      found.push({ start, end: stop, logit: (starts[begin] ?? 0) + (ends[end] ?? 0) })
    }
  }
  return found
}

/** Places of the highest scores, the highest first. */
const highest = (scores: Float64Array, count: number): number[] =>
  Array.from(scores.keys())
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || b - a)
    .slice(0, count)

/** The best, with probabilities by softmax over these and "no answer". Overlapping windows may find one answer twice, as in transformers. */
function ranked(candidates: readonly Candidate[], none: number, nBest: number): ReadQuestion {
  const kept = candidates.toSorted((a, b) => b.logit - a.logit).slice(0, nBest)
  const [top] = kept
  if (!top) return { best: [], noneGap: Infinity, noneScore: 1 }
  // As there, "no answer" takes one of the n places where it is among the best, and is added where it is not.
  const isAmong = kept.filter(({ logit }) => logit >= none).length < nBest
  const others = isAmong && kept.length === nBest ? kept.slice(0, Math.max(1, nBest - 1)) : kept
  const most = Math.max(top.logit, none)
  const total = [none, ...others.map(({ logit }) => logit)].reduce((sum, logit) => sum + Math.exp(logit - most), 0)
  const share = (logit: number): number => Math.exp(logit - most) / total
  return {
    best: others.map(({ start, end, logit }) => ({ start, end, score: share(logit) })),
    noneGap: none - top.logit,
    noneScore: share(none)
  }
}

/** What is said to a question: a stretch of its text, or that there is none, and the probability of that. */
export interface SaidAnswer {
  readonly said: Stretch | null
  readonly score: number
}

/** What is said: none where its gap is above the threshold; `null` as threshold always answers. */
export function answerBy({ best, noneGap, noneScore }: ReadQuestion, threshold: number | null): SaidAnswer {
  const [top] = best
  if (!top || (threshold !== null && noneGap > threshold)) return { said: null, score: noneScore }
  return { said: { start: top.start, end: top.end }, score: top.score }
}

/** The loss that is trained, a sequence: mean surprise at the true first and last token. */
export function answerSurprise({ answers, tagged, lengths }: Examples, logits: Float32Array): number {
  let sum = 0
  lengths.forEach((length, sequence) => {
    const [first = 0] = tagged?.units.at(sequence) ?? []
    sum += surpriseAt(logits, first, length, [answers?.first[sequence] ?? 0, answers?.last[sequence] ?? 0])
  })
  return sum / Math.max(1, lengths.length)
}

/** Mean surprise at the first and the last of an answer in a sequence of `length` tokens whose scores begin at token `start`. */
export function surpriseAt(logits: Float32Array, start: number, length: number, places: readonly [number, number]): number {
  let sum = 0
  for (const [side, place] of places.entries()) {
    const own = Float64Array.from({ length }, (_, i) => logits[2 * (start + i) + side] ?? 0)
    const most = own.reduce((a, b) => Math.max(a, b), -Infinity)
    const total = own.reduce((all, value) => all + Math.exp(value - most), 0)
    sum += (most + Math.log(total) - (own[place] ?? 0)) / 2
  }
  return sum
}
