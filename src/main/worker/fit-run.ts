import { processMemory, youngToCome } from '../base/process-memory.ts'
import type { Tokenizer } from '../engine/text/tokenizer.ts'
import { loadTokenizer } from '../engine/text/tokenizer.ts'
import { specialsIn } from '../engine/text/template.ts'
import { usualMemory } from '../engine/training/usual-memory.ts'
import type { FinishedEvent } from './protocol.ts'

/** How well a vocabulary and a length fit texts; shares in [0, 1]. */
export interface Fit {
  readonly texts: number
  readonly wholeWords: number
  readonly tokensPerWord: number
  readonly unknown: number
  readonly limit: number
  readonly longTexts: number
  readonly cutTokens: number
}

/**
 * Looks at texts with a model's tokenizer; the model's weights are not opened. `limit`: its longest text in tokens, special ones included. Without texts it is worked out
 * instead what training the model takes of this process's memory.
 */
export async function fitRun(modelFolder: string, texts: readonly string[], limit: number): Promise<FinishedEvent> {
  if (texts.length === 0) {
    const memory = await usualMemory(modelFolder, processMemory().own + youngToCome())
    return { event: 'finished', memory }
  }
  return { event: 'finished', fit: await fitOf(await loadTokenizer(modelFolder), texts, limit) }
}

interface Counts {
  words: number
  whole: number
  wordTokens: number
  tokens: number
  unknown: number
  long: number
  cut: number
}

/** What a word is made of: a letter or a number. Punctuation marks are no words. */
const wordly = /[\p{L}\p{N}]/u

export async function fitOf(tokenizer: Tokenizer, texts: readonly string[], limit: number): Promise<Fit> {
  const encoded = await tokenizer.encode(texts, null, { wordIds: true })
  const room = limit - specialsIn(tokenizer.template.single)
  const counts: Counts = { words: 0, whole: 0, wordTokens: 0, tokens: 0, unknown: 0, long: 0, cut: 0 }
  for (const { a, wordsA } of encoded) {
    countWords(tokenizer, a, wordsA ?? new Int32Array(0), counts)
    counts.tokens += a.length
    counts.unknown += a.filter((id) => id === tokenizer.specialTokens.unk).length
    if (a.length <= room) continue
    counts.long++
    counts.cut += a.length - room
  }
  const share = (part: number, all: number): number => (all === 0 ? 0 : part / all)
  return {
    texts: texts.length,
    wholeWords: share(counts.whole, counts.words),
    tokensPerWord: share(counts.wordTokens, counts.words),
    unknown: share(counts.unknown, counts.tokens),
    limit,
    longTexts: share(counts.long, texts.length),
    cutTokens: share(counts.cut, counts.tokens)
  }
}

/** Tokens of one word follow each other and have its number. A word that the vocabulary does not know is not whole. */
function countWords(tokenizer: Tokenizer, ids: Int32Array, words: Int32Array, counts: Counts): void {
  const { unk } = tokenizer.specialTokens
  for (let from = 0; from < ids.length;) {
    let to = from + 1
    while (to < ids.length && words[to] === words[from]) to++
    const own = [...ids.subarray(from, to)]
    const isUnknown = own.includes(unk ?? -1)
    const pieces = own.filter((id) => id === unk || wordly.test(tokenizer.tokenOf(id) ?? '')).length
    if (pieces > 0) {
      counts.words++
      counts.wordTokens += pieces
      if (pieces === 1 && !isUnknown) counts.whole++
    }
    from = to
  }
}
