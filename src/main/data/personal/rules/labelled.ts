import type { Found } from '../define-rule.ts'

/**
 * What follows a word such as "MRN" or "Aktenzeichen": letters, digits, `/`, `-` and `.`, with `digits` digits at least. The first group of the
 * pattern is what is found; it must be global and have the `d` flag.
 */
export function* labelled(text: string, pattern: RegExp, digits: number): Generator<Found, void, undefined> {
  for (const match of text.matchAll(pattern)) {
    const [from, to] = match.indices?.[1] ?? [0, 0]
    const value = text.slice(from, to).replace(/[./-]+$/, '')
    if (value.replace(/\D/g, '').length >= digits) yield { start: from, end: from + value.length, certainty: 2 }
  }
}
