import { MONTH_NAMES, readDate } from '../dates.ts'
import { definePersonalRule, isNear, matches, type Found } from '../define-rule.ts'

const EDGE = '(?<![\\p{L}\\p{N}.,/-])'
const END = '(?![\\p{L}\\p{N}]|[./,-]\\d)'
const ISO = new RegExp(`${EDGE}\\d{4}([-/.])\\d{2}\\1\\d{2}(?=T\\d|[^\\p{L}\\p{N}]|$)(?![./,-]\\d)`, 'gu')
const NUMERIC = new RegExp(`${EDGE}\\d{1,2}(?:([./-])\\d{1,2}\\1|\\. \\d{1,2}\\. )(?:\\d{4}|\\d{2})${END}`, 'gu')
const COMPACT = /(?<![\p{L}\p{N}.,/-])(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\p{L}\p{N}]|[.,/-]\d)/gu
/** Without a year: "am 5.3.", "vom 12.11. bis 14.11." */
const SHORT = new RegExp(`(?<=(?:am|vom|bis|seit|ab|zum|dem|den|und)\\s)\\d{1,2}\\.\\s?\\d{1,2}\\.${END}`, 'giu')
const NAMED = new RegExp(
  `${EDGE}(?:\\d{1,2}(?:\\.|st|nd|rd|th)?(?:\\s+(?:of\\s+)?|-)(?:${MONTH_NAMES})(?![\\p{L}])(?:\\.?,?(?:\\s+|-)(?:(?:1[89]|2[01])\\d{2}|'?\\d{2}(?=\\s*(?:$|[.,;:)\\r\\n]))))?|(?:${MONTH_NAMES})(?![\\p{L}])\\.?\\s+(?:\\d{1,2}(?:st|nd|rd|th)?,?\\s+\\d{4}|\\d{4}|\\d{1,2}(?:st|nd|rd|th)?(?![\\d:%]|\\s*(?:mg|ml|kg|cm|mm|%|patients|people|years|days|hours))))${END}`,
  'giu'
)

const BIRTH = /(?:born|birth|DOB|geb(?:oren|\.)?|geburtsdatum)\W*$/i

/** "may 5" is also a verb, "march 5" too; a month that begins small is one only with a year, or with a day before it. */
const isVerb = (written: string): boolean => /^(?:may|march|mar)\b/.test(written) && !/\d{4}/.test(written)

export const dateRule = definePersonalRule({
  id: 'date',
  kind: 'DATE',
  title: 'Dates',
  needs: /\d/,
  *find(text): Generator<Found, void, undefined> {
    yield* matches(text, ISO, ([all]) => (readDate(all) ? 3 : null))
    yield* matches(text, NUMERIC, ([all, gap]) => (readDate(all) ? (gap === '-' || !/\d{4}$/.test(all) ? 2 : 3) : null))
    yield* matches(text, COMPACT, ([all], at) => (readDate(all) && isNear(text, at, BIRTH) ? 3 : readDate(all) ? 1 : null))
    yield* matches(text, SHORT, ([all]) => (readDate(all) ? 1 : null))
    yield* matches(text, NAMED, ([all]) => (!isVerb(all) && readDate(all) ? (/\d{4}/.test(all) ? 3 : 2) : null))
  }
})
