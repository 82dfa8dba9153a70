import type { Overlap, Passage } from '../../../preload/contract/marking.ts'
import { InputError } from '../../base/errors.ts'
import { shown } from '../../base/wording.ts'
import type { Span } from '../spans/span.ts'

/** The order of the text; of two that start together the longer one first, so that what encloses comes before what it encloses. */
export const inOrder = (a: Passage, b: Passage): number =>
  a.start - b.start || b.end - a.end || (a.kind < b.kind ? -1 : Number(a.kind > b.kind))

export const isSame = (a: Passage, b: Passage): boolean => a.start === b.start && a.end === b.end && a.kind === b.kind
export const overlaps = (a: Passage, b: Passage): boolean => a.start < b.end && b.start < a.end
const encloses = (outer: Passage, inner: Passage): boolean => outer.start <= inner.start && inner.end <= outer.end

/** In order, each once. */
export function tidied(passages: readonly Passage[]): readonly Passage[] {
  const sorted = passages.toSorted(inOrder)
  return sorted.filter((each, i) => i === 0 || !isSame(sorted[i - 1] ?? each, each))
}

/** What stands after a change; what is to go and is not there is left out of account. */
export function changed(
  before: readonly Passage[],
  { remove, add }: { readonly remove: readonly Passage[]; readonly add: readonly Passage[] }
): readonly Passage[] {
  const left = before.filter((each) => !remove.some((gone) => isSame(gone, each)))
  return tidied([...left, ...add])
}

/**
 * Checks what is to be added against the text and the passages that would stand beside it.
 * Throws an InputError for one that lies outside of the text, cuts a character in two, or overlaps in a way that was not chosen.
 */
export function checkAdded(text: string, after: readonly Passage[], add: readonly Passage[], overlap: Overlap): void {
  for (const one of add) {
    if (one.start < 0 || one.start >= one.end || one.end > text.length || cuts(text, one.start) || cuts(text, one.end))
      throw new InputError('mark-outside', 'This passage does not lie in the text. Open the document again.')
    const other = after.find((each) => !isSame(each, one) && overlaps(each, one))
    if (other === undefined) continue
    const nests = encloses(other, one) || encloses(one, other)
    if (overlap === 'refused' || !nests) throw overlapping(one, other, overlap)
  }
}

/** Whether a place stands between the two halves of one character. */
function cuts(text: string, at: number): boolean {
  const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at)]
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff
}

function overlapping({ kind }: Passage, other: Passage, overlap: Overlap): InputError {
  const advice =
    overlap === 'refused'
      ? 'Take that mark away first, or allow marks within marks.'
      : 'One mark may lie within another, but they may not cross.'
  const message = `${shown(kind)} would overlap a passage that is marked as ${shown(other.kind)}. ${advice}`
  return new InputError('mark-overlap', message)
}

export const fromSpans = (spans: readonly Span[]): readonly Passage[] =>
  tidied(spans.map(({ start, end, label }) => ({ start, end, kind: label })))

export const toSpans = (passages: readonly Passage[]): readonly Span[] =>
  passages.map(({ start, end, kind }) => ({ start, end, label: kind }))
