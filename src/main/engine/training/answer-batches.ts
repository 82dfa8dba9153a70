import type { HostTensor } from '../runtime/port.ts'
import { answerFeeds } from '../tasks/answer-loss.ts'
import { lossFeeds } from '../tasks/losses.ts'
import type { AnswerPlaces } from './answer-examples.ts'
import { maskedScore } from './batches.ts'

/** What the loss of answers is fed for the sequences `rows`, whose tokens follow each other among the logits. */
export function answerInputs(
  { first, last }: AnswerPlaces,
  lengths: Int32Array,
  rows: Int32Array
): Readonly<Record<string, HostTensor>> {
  const texts = rows.length
  const longest = rows.reduce((most, row) => Math.max(most, lengths[row] ?? 0), 1)
  const tokens = new BigInt64Array(texts * longest)
  const bias = new Float32Array(texts * longest).fill(maskedScore)
  const targets = new Float32Array(texts * longest * 2)
  let place = 0
  rows.forEach((row, text) => {
    const length = lengths[row] ?? 0
    const start = text * longest
    for (let i = 0; i < length; i++) tokens[start + i] = BigInt(place++)
    bias.fill(0, start, start + length)
    targets[2 * (start + (first[row] ?? 0))] = 0.5
    targets[2 * (start + (last[row] ?? 0)) + 1] = 0.5
  })
  return {
    [answerFeeds.tokens]: { type: 'int64', shape: [texts, longest], data: tokens },
    [answerFeeds.bias]: { type: 'float32', shape: [texts, longest, 1], data: bias },
    [lossFeeds.targets]: { type: 'float32', shape: [texts, longest, 2], data: targets }
  }
}
