import type { Ops } from '../graph/operations.ts'
import { sizeAt } from '../graph/shapes.ts'
import type { Value } from '../graph/types.ts'
import { lossFeeds } from './losses.ts'

/** The layer's tensors, by torchcrf's names: [tags, tags] from one tag (row) to the next, and [tags] for the start and end of a text. */
export const crfTensors = {
  transitions: 'crf.transitions',
  start: 'crf.start_transitions',
  end: 'crf.end_transitions'
} as const

/** Whether a tensor is the layer's: the host uses it, no graph of answers does. */
export const isCrfTensor = (name: string): boolean => Object.values<string>(crfTensors).includes(name)

/** What the host feeds besides the targets: `texts` sequences of at most `steps` words. */
export const crfFeeds = {
  /** [texts, steps] int64: place of each word among the logits; any where there is no word. */
  words: 'crf_words',
  /** [texts, steps, 1, 1]: 1 where a word follows another one, 0 at the first and where there is none. */
  steps: 'crf_steps',
  /** [texts, 1]: 1 where a sequence begins, or ends, with its text; 0 where it is a window's cut. */
  first: 'crf_first',
  last: 'crf_last',
  /** How often the true tags of the batch follow each other, [tags, tags], begin a text and end one, [tags]. */
  pairs: 'crf_pairs',
  starts: 'crf_starts',
  ends: 'crf_ends'
} as const

/** What stands for −∞: its exponential is 0. */
const never = -1e4
/** Below this a sum of exponentials is taken as this: it weighs nothing beside the largest, which is near 1. */
const least = 1e-30

/** log(exp(A) · exp(B)), [.., n, n]: the largest of each row of A and column of B are taken out first. */
function logMatMul(g: Ops, a: Value, b: Value): Value {
  const [rows, columns] = [g.detach(g.reduceMax(a, [-1], true)), g.detach(g.reduceMax(b, [-2], true))]
  const product = g.matMul(g.exp(g.sub(a, rows)), g.exp(g.sub(b, columns)))
  return g.add(g.add(g.log(g.max(product, g.scalar(least))), rows), columns)
}

/** The sequences' matrices multiplied in order, [texts, tags, tags], by halving: log₂(steps) products instead of a loop (no runtime has to have one). */
function productOf(g: Ops, matrices: Value, steps: number, tags: number): Value {
  let product = matrices
  for (let left = steps; left > 1; left /= 2) {
    const pairs = g.reshape(product, ['texts', left / 2, 2, tags, tags])
    const half = (at: number): Value => g.squeeze(g.slice(pairs, 2, at, at + 1), [2])
    product = logMatMul(g, half(0), half(1))
  }
  return g.squeeze(product, [1])
}

export interface CrfWeights {
  readonly transitions: Value
  readonly start: Value
  readonly end: Value
}

/**
 * Linear-chain conditional random field (Lafferty, McCallum & Pereira 2001): Σ over sequences of log Z − score of the true tags, with
 *
 * score = first·start[y₀] + Σₜ logits[t, yₜ] + Σₜ transitions[yₜ₋₁, yₜ] + last·end[yₙ]
 * log Z = log Σ over all y of exp(score)
 *
 * `steps`: a power of two that no sequence is longer than. logits: [examples, tags].
 */
export function crfLoss(g: Ops, logits: Value, { transitions, start, end }: CrfWeights, steps: number): Value {
  const tags = sizeAt(logits.shape, -1)
  const words = g.gather(logits, g.input(crfFeeds.words, 'int64', ['texts', steps]))
  const isStep = g.input(crfFeeds.steps, 'float32', ['texts', steps, 1, 1])
  const identity = Array.from({ length: tags * tags }, (_, at) => (at % (tags + 1) === 0 ? 0 : never))
  const step = g.add(g.unsqueeze(words, [2]), transitions)
  const noStep = g.mul(g.sub(g.scalar(1), isStep), g.constant(identity, [tags, tags], 'float32'))
  const product = productOf(g, g.add(g.mul(step, isStep), noStep), steps, tags)
  const begun = g.add(g.squeeze(g.slice(words, 1, 0, 1), [1]), g.mul(g.input(crfFeeds.first, 'float32', ['texts', 1]), start))
  const ended = g.mul(g.input(crfFeeds.last, 'float32', ['texts', 1]), end)
  const all = g.add(g.squeeze(logMatMul(g, g.unsqueeze(begun, [1]), product), [1]), ended)
  const most = g.detach(g.reduceMax(all, [-1], true))
  const logZ = g.add(g.log(g.reduceSum(g.exp(g.sub(all, most)), [-1], true)), most)
  return g.sub(g.sumAll(logZ), trueScore(g, logits, { transitions, start, end }, tags))
}

/** The scores of the true tags, which are linear in the layer's tensors: each counts as often as it occurs. */
function trueScore(g: Ops, logits: Value, { transitions, start, end }: CrfWeights, tags: number): Value {
  const times = (name: string, shape: readonly number[], weights: Value): Value =>
    g.sumAll(g.mul(g.input(name, 'float32', shape), weights))
  const emitted = g.sumAll(g.mul(g.input(lossFeeds.targets, 'float32', logits.shape), logits))
  return [
    times(crfFeeds.pairs, [tags, tags], transitions),
    times(crfFeeds.starts, [tags], start),
    times(crfFeeds.ends, [tags], end)
  ].reduce((sum, each) => g.add(sum, each), emitted)
}
