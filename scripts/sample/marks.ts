import { assert } from '../../src/main/base/assert.ts'
import type { Random } from '../../src/main/base/random.ts'
import type { Span } from '../../src/main/data/spans/span.ts'
import { expand, tidy, type Words } from './grammar.ts'

/*
 * While a text is composed, its marks stand in it as signs of the private use area, so that whatever rewrites the text (tidying, abbreviations, slips)
 * moves them along: OPEN, a sign for the label, the passage, CLOSE.
 */
const OPEN = '\ue000'
const CLOSE = '\ue001'
const FIRST_LABEL = 0xe010

/** Every kind of passage that the sample marks. */
export const markLabels = ['NAME', 'DATE', 'PLACE', 'ID', 'DRUG', 'DOSE', 'PARTY', 'AMOUNT', 'LAW', 'TERM'] as const
export type MarkLabel = (typeof markLabels)[number]

/** A passage with its mark. */
export const marked = (label: MarkLabel, text: string): string =>
  `${OPEN}${String.fromCharCode(FIRST_LABEL + markLabels.indexOf(label))}${text}${CLOSE}`

/** One finished sentence with marks in it: expanded, tidied, with a capital at its start and a stop at its end. */
export function markedSentence(random: Random, template: string, words: Words): string {
  const text = tidy(expand(random, template, words)).replaceAll(`.${CLOSE}.`, `.${CLOSE}`)
  const ended = new RegExp(`[.?!:]${CLOSE}?$`).test(text) ? text : `${text}.`
  return ended.replace(
    new RegExp(`^(${OPEN}.)?(.)`, 's'),
    (_, open: string | undefined, first: string) => (open ?? '') + first.toUpperCase()
  )
}

/** The text without the signs, and where each passage stands in it, in UTF-16 units. Passages hold no others. */
export function unmarked(text: string): { readonly text: string; readonly spans: readonly Span[] } {
  let plain = ''
  let open: { readonly start: number; readonly label: string } | null = null
  const spans: Span[] = []
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at)
    if (sign === OPEN) {
      assert(open === null, 'A marked passage holds another')
      open = { start: plain.length, label: markLabels[text.charCodeAt(++at) - FIRST_LABEL] ?? '' }
    } else if (sign === CLOSE) {
      assert(open !== null, 'A marked passage ends that did not begin')
      spans.push({ ...open, end: plain.length })
      open = null
    } else plain += sign
  }
  assert(open === null, 'A marked passage does not end')
  return { text: plain, spans }
}

/** What is left of a text when its marked passages are taken out. */
export const outsideMarks = (text: string): string => text.replace(new RegExp(`${OPEN}[^${CLOSE}]*${CLOSE}`, 'g'), ' ')
