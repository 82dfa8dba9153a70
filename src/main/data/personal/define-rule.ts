import type { PersonalKind } from './kinds.ts'

/**
 * How sure a rule is: 3 where a checksum or an unmistakable form says so, 2 where a form and its surroundings do, 1 where the form alone does and
 * other things look like it.
 */
export type Certainty = 1 | 2 | 3

/** A passage that a rule found: UTF-16 units [start, end). */
export interface Found {
  readonly start: number
  readonly end: number
  readonly certainty: Certainty
}

/** One way in which something personal is written. */
export interface PersonalRule {
  /** Its file's name. */
  readonly id: string
  readonly kind: PersonalKind
  readonly title: string
  /** Characters without which nothing can be found; a text that has none of them is not searched. */
  readonly needs?: RegExp
  readonly find: (text: string) => Iterable<Found>
}

export function definePersonalRule(rule: PersonalRule): PersonalRule {
  return rule
}

/** Every match of a pattern that `certaintyOf` takes for one; null for a near miss. The pattern must be global. */
export function* matches(
  text: string,
  pattern: RegExp,
  certaintyOf: (match: RegExpMatchArray, at: number) => Certainty | null
): Generator<Found, void, undefined> {
  for (const match of text.matchAll(pattern)) {
    const certainty = certaintyOf(match, match.index)
    if (certainty !== null) yield { start: match.index, end: match.index + match[0].length, certainty }
  }
}

/** How far back a word such as "Tel." still speaks for what follows. */
const NEAR = 40

/** Whether a word stands shortly before a place, in the same line or the one above. */
export const isNear = (text: string, at: number, word: RegExp): boolean => word.test(text.slice(Math.max(0, at - NEAR), at))

export const digitsOf = (text: string): string => text.replace(/\D/g, '')

/** Whether all characters are the same: `0000000000` passes most checksums. */
export const isOneDigit = (digits: string): boolean => new Set(digits).size === 1
