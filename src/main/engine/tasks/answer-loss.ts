import type { Ops } from '../graph/operations.ts'
import type { Value } from '../graph/types.ts'
import { lossFeeds } from './losses.ts'

/** What the host feeds besides the targets: `texts` sequences of at most `longest` tokens. */
export const answerFeeds = {
  /** [texts, longest] int64: place of each token among the logits; any where there is none. */
  tokens: 'answer_tokens',
  /** [texts, longest, 1]: 0 on a token, very negative where there is none. */
  bias: 'answer_bias'
} as const

/**
 * transformers' `*ForQuestionAnswering`, summed over sequences: (CE of the first token + CE of the last token) / 2, each over all tokens of the sequence.
 * With T the fed targets, [texts, longest, 2], 1/2 at the true places, and z the logits, [examples, 2]:
 *
 * loss = −Σ T·log softmax(z) over the tokens of each sequence
 *
 * transformers gives padding a score of its own that competes; here, as in a batch of one, there is none.
 */
export function answerLoss(g: Ops, logits: Value): Value {
  const tokens = g.input(answerFeeds.tokens, 'int64', ['texts', 'longest'])
  const bias = g.input(answerFeeds.bias, 'float32', ['texts', 'longest', 1])
  const targets = g.input(lossFeeds.targets, 'float32', ['texts', 'longest', 2])
  const scores = g.add(g.gather(logits, tokens), bias)
  return g.neg(g.sumAll(g.mul(targets, g.logSoftmax(scores, 1))))
}
