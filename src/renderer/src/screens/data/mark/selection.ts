/** A stretch of a text, in the UTF-16 units [start, end) of the string as it is stored. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

/** What is selected: from where the person began to where the keys move it. Never empty. */
export interface Selection {
  readonly anchor: number
  readonly head: number
}

/** A text and its words, as main cut it: start and end of each by turns. */
export interface WordedText {
  readonly text: string
  readonly words: readonly number[]
}

export type Direction = 1 | -1

export const stretchOf = ({ anchor, head }: Selection): Stretch => ({
  start: Math.min(anchor, head),
  end: Math.max(anchor, head)
})

export const selectionOf = ({ start, end }: Stretch): Selection => ({ anchor: start, head: end })

const wordsOf = (words: readonly number[]): number => words.length / 2
const startOf = (words: readonly number[], index: number): number => words[2 * index] ?? 0
const endOf = (words: readonly number[], index: number): number => words[2 * index + 1] ?? 0

/** The first word that ends behind a place; the number of words where none does. */
function firstEndingBehind(words: readonly number[], place: number): number {
  let [low, high] = [0, wordsOf(words)]
  while (low < high) {
    const middle = (low + high) >> 1
    if (endOf(words, middle) > place) high = middle
    else low = middle + 1
  }
  return low
}

/** The last word that begins before a place; -1 where none does. */
function lastBeginningBefore(words: readonly number[], place: number): number {
  let [low, high] = [-1, wordsOf(words) - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (startOf(words, middle) < place) low = middle
    else high = middle - 1
  }
  return low
}

function wordStretch(words: readonly number[], index: number): Stretch | null {
  return index < 0 || index >= wordsOf(words) ? null : { start: startOf(words, index), end: endOf(words, index) }
}

/** The first word of a text; null where it has none. */
export const firstWord = ({ words }: WordedText): Selection | null => edgeWord(words, 0)

/** The last one. */
export const lastWord = ({ words }: WordedText): Selection | null => edgeWord(words, wordsOf(words) - 1)

function edgeWord(words: readonly number[], index: number): Selection | null {
  const word = wordStretch(words, index)
  return word && selectionOf(word)
}

/** The word in which a place lies, else the next one, else the last. */
export function wordAt({ words }: WordedText, place: number): Stretch | null {
  return wordStretch(words, Math.min(firstEndingBehind(words, place), wordsOf(words) - 1))
}

/** The whole words that a stretch touches; the word beside it where it touches none. */
export function snapped(text: WordedText, { start, end }: Stretch): Stretch | null {
  const { words } = text
  const first = wordStretch(words, firstEndingBehind(words, start))
  const last = wordStretch(words, lastBeginningBefore(words, Math.max(end, start + 1)))
  if (first && last && first.start <= last.start) return { start: first.start, end: last.end }
  return wordAt(text, start)
}

/** The next word in a direction, by itself. The selection stays where there is none. */
export function movedByWord({ words }: WordedText, selection: Selection, direction: Direction): Selection {
  const { start, end } = stretchOf(selection)
  const index = direction > 0 ? firstEndingBehind(words, end) : lastBeginningBefore(words, start)
  const word = wordStretch(words, index)
  return word ? selectionOf(word) : selection
}

/** One word more or less at the side that the keys move. Where one word is left, either side may be moved. */
export function extendedByWord({ words }: WordedText, selection: Selection, direction: Direction): Selection {
  const { start, end } = stretchOf(selection)
  const isOne = lastBeginningBefore(words, end) <= firstEndingBehind(words, start)
  const isForward = selection.head >= selection.anchor
  if (direction > 0) {
    if (isForward || isOne) return { anchor: start, head: wordStretch(words, firstEndingBehind(words, end))?.end ?? end }
    const next = wordStretch(words, firstEndingBehind(words, start) + 1)
    return { anchor: end, head: next?.start ?? start }
  }
  if (!isForward || isOne) return { anchor: end, head: wordStretch(words, lastBeginningBefore(words, start))?.start ?? start }
  const before = wordStretch(words, lastBeginningBefore(words, end) - 1)
  return { anchor: start, head: before?.end ?? end }
}

const CHARACTER = /[^]\p{M}*/uy

/** Where the character ends that begins at a place, with the signs that belong to it. */
function characterEnd(text: string, place: number): number {
  CHARACTER.lastIndex = place
  return CHARACTER.test(text) ? CHARACTER.lastIndex : place
}

function characterStart(text: string, place: number): number {
  let at = place
  do at -= isLowSurrogate(text, at - 1) ? 2 : 1
  while (at > 0 && /^\p{M}/u.test(text.slice(at, at + 2)))
  return Math.max(0, at)
}

const isLowSurrogate = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff
}

/** The next character in a direction, by itself. */
export function movedByCharacter({ text }: WordedText, selection: Selection, direction: Direction): Selection {
  const { start, end } = stretchOf(selection)
  if (direction > 0) return end >= text.length ? selection : { anchor: end, head: characterEnd(text, end) }
  return start <= 0 ? selection : { anchor: characterStart(text, start), head: start }
}

/** One character more or less at the side that the keys move; the last one stays. */
export function extendedByCharacter({ text }: WordedText, selection: Selection, direction: Direction): Selection {
  const { anchor, head } = selection
  const next = direction > 0 ? characterEnd(text, head) : characterStart(text, head)
  return next === anchor || next < 0 || next > text.length ? selection : { anchor, head: next }
}
