/** Scripts that put no space between words: each character stands for itself, as in BERT's own tokenizer. */
const alone = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}`
/** A character of those scripts with its marks; a run of letters, marks and digits; or any other character that is not white space. */
export const WORD_PATTERN = String.raw`[${alone}]\p{M}*|(?:(?![${alone}])[\p{L}\p{M}\p{N}])+|\S`
const word = new RegExp(WORD_PATTERN, 'gu')

/** The words of a text, whatever the tokenizer: runs of letters and digits, and every other character by itself. */
export const wordsIn = (text: string): { readonly start: number; readonly end: number }[] =>
  Array.from(text.matchAll(word), ({ index, 0: found }) => ({ start: index, end: index + found.length }))
