import type { Span } from '../spans/span.ts'
import { actionFor, type Actions } from './actions.ts'
import { kindOfLabel } from './kinds.ts'
import type { Context, Pseudonyms } from './surrogates/pseudonyms.ts'

/** A piece of a text and what stands in its place. */
export interface TextEdit {
  readonly start: number
  readonly end: number
  readonly kind: string
  readonly text: string
}

/** What is put in place of each passage, in order. `context` says of whom the text speaks. */
export function editsFor(
  text: string,
  spans: readonly Span[],
  { actions, pseudonyms, context }: { readonly actions: Actions; readonly pseudonyms: Pseudonyms; readonly context: Context }
): readonly TextEdit[] {
  return spans.flatMap(({ start, end, label }) => {
    const kind = kindOfLabel(label)
    const written = text.slice(start, end)
    switch (actionFor(actions, kind)) {
      case 'leave':
        return []
      case 'mask':
        return [{ start, end, kind, text: `[${kind}]` }]
      case 'pseudonymise':
        return [{ start, end, kind, text: pseudonyms.surrogateFor(kind, written, context) }]
      case 'remove': {
        // Of the blanks on both sides one goes too.
        const isBetween = /[ \t]/.test(text[end] ?? '') && (start === 0 || /\s/.test(text[start - 1] ?? ''))
        return [{ start, end: isBetween ? end + 1 : end, kind, text: '' }]
      }
    }
  })
}

/** A text with its edits made. Edits are in order and do not overlap. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  let [result, at] = ['', 0]
  for (const edit of edits) {
    result += text.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return result + text.slice(at)
}

/** Where marks lie once edits were made; one that is touched grows or shrinks with what is put there, and goes where nothing is left of it. */
export function moved(spans: readonly Span[], edits: readonly TextEdit[]): readonly Span[] {
  const place = (at: number, isEnd: boolean): number => {
    let shift = 0
    for (const { start, end, text } of edits) {
      if (at >= end) shift += text.length - (end - start)
      else if (at > start) return start + shift + (isEnd ? text.length : 0)
    }
    return at + shift
  }
  return spans
    .map((span) => ({ ...span, start: place(span.start, false), end: place(span.end, true) }))
    .filter(({ start, end }) => start < end)
}
