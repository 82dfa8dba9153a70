/** A stretch of a text that holds no white space, in UTF-16 code units. */
export interface WordSpan {
  readonly start: number
  readonly end: number
}

/** Where each token of a text lies, in code points, as the tokenizers library counts. */
export type TokenSpans = readonly (readonly [start: number, end: number])[]

export const wordSpans = (text: string): WordSpan[] =>
  Array.from(text.matchAll(/\S+/gu), ({ index, 0: word }) => ({ start: index, end: index + word.length }))

/**
 * The word that each token belongs to: the one it begins in, or for a token of white space alone the next one. -1 where no word follows.
 * Some tokenizers join the space before a word to it, so that a token is placed by its last character.
 */
export function wordOfTokens(text: string, words: readonly WordSpan[], tokens: TokenSpans): Int32Array {
  const units = unitsOfPoints(text.toWellFormed())
  let word = 0
  return Int32Array.from(tokens, ([start, end]) => {
    const at = units[Math.max(start, end - 1)] ?? text.length
    while (word > 0 && (words[word]?.start ?? Infinity) > at) word--
    while (word < words.length && (words[word]?.end ?? 0) <= at) word++
    return word < words.length ? word : -1
  })
}

/** Index of each code point's first UTF-16 unit, with the text's length behind the last. */
function unitsOfPoints(text: string): number[] {
  const units: number[] = []
  let at = 0
  for (const point of text) {
    units.push(at)
    at += point.length
  }
  return [...units, at]
}
