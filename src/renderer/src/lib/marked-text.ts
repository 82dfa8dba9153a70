/**
 * How a mark is drawn. `true`: a person's mark. `found`: what a model said. `right`: both, in the same place and of the same kind. `suggested`: offered and
 * not taken.
 */
export type MarkState = 'true' | 'found' | 'right' | 'suggested'

/** A passage of a text, in the UTF-16 units [start, end) of the string as it is stored. */
export interface TextMark {
  readonly start: number
  readonly end: number
  readonly kind: string
  readonly state: MarkState
  /** What its name tag says; the kind, and how it came about, where left out. */
  readonly tag?: string
}

/** A mark with its place in the list and the line under the text on which it is drawn: marks that overlap have lines of their own. */
export interface DrawnMark extends TextMark {
  readonly index: number
  readonly layer: number
}

/** A stretch of the text over which nothing changes. */
export interface MarkedPiece {
  readonly start: number
  readonly text: string
  /** The outermost first. */
  readonly marks: readonly DrawnMark[]
  /** Those whose name tags follow the piece: that end with it, or within the word that it ends. */
  readonly ending: readonly DrawnMark[]
  readonly isSelected: boolean
}

/** A text cut wherever a mark or the selection begins or ends. What lies outside of the text is left away. */
export function markedPieces(
  text: string,
  marks: readonly TextMark[],
  selection: { readonly start: number; readonly end: number } | null = null
): readonly MarkedPiece[] {
  const drawn = drawnMarks(text, marks)
  const edges = new Set([0, text.length, ...drawn.flatMap(({ start, end }) => [start, end, wordEnd(text, end)])])
  if (selection) for (const edge of [selection.start, selection.end]) if (edge > 0 && edge < text.length) edges.add(edge)
  const cuts = [...edges].sort((a, b) => a - b)
  const pieces: MarkedPiece[] = []
  let open: readonly DrawnMark[] = []
  let untold: readonly DrawnMark[] = []
  let next = 0
  for (const [i, start] of cuts.entries()) {
    const end = cuts[i + 1]
    if (end === undefined) break
    const begun = drawn.slice(next, firstAfter(drawn, next, start))
    next += begun.length
    open = [...open.filter((mark) => mark.end > start), ...begun]
    untold = [...untold, ...open.filter((mark) => mark.end === end)]
    const ending = isInWord(text, end) ? [] : untold
    if (ending.length > 0) untold = []
    const isSelected = selection !== null && selection.start <= start && end <= selection.end
    pieces.push({ start, text: text.slice(start, end), marks: open, ending, isSelected })
  }
  return pieces
}

/** A name tag within a word would tear it apart. */
const isInWord = (text: string, at: number): boolean => /[\p{L}\p{M}\p{N}]{2}/u.test(text.slice(at - 1, at + 1))

function wordEnd(text: string, from: number): number {
  let at = from
  while (isInWord(text, at)) at++
  return at
}

function firstAfter(marks: readonly DrawnMark[], from: number, start: number): number {
  let at = from
  while ((marks[at]?.start ?? Infinity) <= start) at++
  return at
}

/** Marks in the order of the text, the longer first, each on the first line that is free where it stands. */
function drawnMarks(text: string, marks: readonly TextMark[]): readonly DrawnMark[] {
  const inside = marks.flatMap((mark, index) => {
    const [start, end] = [Math.max(0, mark.start), Math.min(text.length, mark.end)]
    return start < end ? [{ ...mark, start, end, index }] : []
  })
  /** Where the last mark on each line ends. */
  const ends: number[] = []
  return inside
    .toSorted((a, b) => a.start - b.start || b.end - a.end || a.index - b.index)
    .map((mark) => {
      const free = ends.findIndex((end) => end <= mark.start)
      const layer = free === -1 ? ends.length : free
      ends[layer] = mark.end
      return { ...mark, layer }
    })
}

/** How many kinds have a colour of their own; others share one. */
const COLOURS = 6

/** The number of a kind's colour, from 1: kinds keep theirs as long as their list does. */
export function colourOfKind(kinds: readonly string[], kind: string): number {
  const place = kinds.indexOf(kind)
  return place === -1 ? 1 : (place % COLOURS) + 1
}
