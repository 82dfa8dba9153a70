import { wordsIn } from '../../base/words-in.ts'
import type { WordSpan } from './word-spans.ts'

/** What carries one tag: a stretch of the text in UTF-16 units, and the token whose hidden state is asked for it. */
export interface TextUnit extends WordSpan {
  /** Index into the text's tokens, without special ones. */
  readonly token: number
}

/** UTF-16 offset of each code point, with the text's length behind the last. Lone surrogates count as one code point, as they do in U+FFFD. */
function unitsOfPoints(text: string): Uint32Array {
  const units = new Uint32Array(text.length + 1)
  let count = 0
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) units[count++] = at
  units[count] = text.length
  return units.subarray(0, count + 1)
}

/** Where a token lies in its text, in UTF-16 units; start and end are one where it holds white space alone. */
export type TokenSpan = Pick<WordSpan, 'start' | 'end'>

/** Where each token lies without the white space around it. `offsets`: start and end of each token by turns, in code points. */
export function tokenSpans(text: string, offsets: Int32Array): TokenSpan[] {
  const units = unitsOfPoints(text)
  return Array.from({ length: offsets.length / 2 }, (_, token) => {
    let start = units[offsets[2 * token] ?? 0] ?? text.length
    let end = units[offsets[2 * token + 1] ?? 0] ?? text.length
    while (start < end && /\s/.test(text[start] ?? '')) start++
    while (end > start && /\s/.test(text[end - 1] ?? '')) end--
    return { start, end }
  })
}

const isEmpty = ({ start, end }: TokenSpan): boolean => start >= end

/** Every token that holds more than white space, by itself. `offsets`: start and end of each token by turns, in code points. */
export function tokenUnits(text: string, offsets: Int32Array): TextUnit[] {
  return tokenSpans(text, offsets).flatMap((span, token) => (isEmpty(span) ? [] : [{ ...span, token }]))
}

/**
 * The words of a text, each with the first token that begins in it. A token that reaches over several words makes them one unit; a word in which
 * no token begins (characters that the tokenizer drops) is none.
 */
export function wordUnits(text: string, offsets: Int32Array): TextUnit[] {
  const words = wordsIn(text)
  const units: { start: number; end: number; token: number }[] = []
  let at = 0
  for (const [token, span] of tokenSpans(text, offsets).entries()) {
    if (isEmpty(span)) continue
    const last = units.at(-1)
    if (last && span.start < last.end) {
      last.end = Math.max(last.end, span.end)
      continue
    }
    while (at < words.length && (words[at]?.end ?? 0) <= span.start) at++
    const own = words[at]
    const start = Math.max(last?.end ?? 0, Math.min(own?.start ?? span.start, span.start))
    units.push({ start, end: Math.max(own?.end ?? span.end, span.end), token })
  }
  return units
}
