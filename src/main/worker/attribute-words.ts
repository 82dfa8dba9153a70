import type { Attributor } from '../engine/training/attribution.ts'
import type { RunSettings } from '../engine/training/run-settings.ts'
import type { Tokenizer } from '../engine/text/tokenizer.ts'
import { wordOfTokens, wordSpans, type WordSpan } from '../engine/text/word-spans.ts'

/** A word of a text and what it speaks for (positive) or against (negative), in the unit of the logit. */
export interface AttributedWord extends WordSpan {
  readonly value: number
}

interface Parts {
  readonly attributor: Pick<Attributor, 'attribute'>
  readonly tokenizer: Pick<Tokenizer, 'encode' | 'spans' | 'build'>
  readonly settings: Pick<RunSettings, 'maxLength' | 'truncation' | 'windowStride' | 'headShare'>
}

/**
 * Attributions of the words of `text` (not of its pair): each the sum over its tokens. Words that were cut off have 0. A token in several windows
 * counts in each, as it does in the pooled logit.
 */
export async function attributeWords(
  { attributor, tokenizer, settings }: Parts,
  { text, pair, label }: { readonly text: string; readonly pair: string | null; readonly label: number },
  signal: AbortSignal
): Promise<readonly AttributedWord[]> {
  const [encoded] = await tokenizer.encode([text], pair === null ? null : [pair], { signal })
  const words = wordSpans(text)
  if (!encoded) return []
  const wordOf = wordOfTokens(text, words, await tokenizer.spans(text))
  const places = (length: number): Int32Array => Int32Array.from({ length }, (_, i) => i)
  const { sequences } = tokenizer.build(encoded.a, encoded.b, {
    maxLength: settings.maxLength,
    truncation: settings.truncation,
    stride: settings.windowStride,
    headShare: settings.headShare,
    // Carried along, so that each position of a sequence knows its token.
    words: { a: places(encoded.a.length), b: encoded.b && places(encoded.b.length) }
  })
  const found = await attributor.attribute(sequences, label, signal)
  const values = new Float64Array(words.length)
  sequences.forEach(({ words: tokens }, i) => {
    tokens?.forEach((token, position) => {
      const word = token < 0 || token >= encoded.a.length ? -1 : (wordOf[token] ?? -1)
      if (word >= 0) values[word] = (values[word] ?? 0) + (found[i]?.[position] ?? 0)
    })
  })
  return words.map((span, i) => ({ ...span, value: values[i] ?? 0 }))
}
