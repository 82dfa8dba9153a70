import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min'
import { definePersonalRule, digitsOf, isNear, type Certainty, type Found } from '../define-rule.ts'

/** International (+49, 0049), national with a zero in front, and the American form; blanks, points, slashes, hyphens and brackets within. */
const CANDIDATE =
  /(?<![\p{L}\p{N}.,/+-])(?:\+|(?<!\d[ ])00|\(?0|\(?[2-9]\d{2}\)?[ .-]?[2-9]\d{2}[ .-])\d?(?:[ ./()-]{0,4}\d){3,17}(?![\p{L}\p{N}]|[.,/-]\d)/gu
const WORD =
  /(?:tel(?:ephone|efon|\.)?|phone|mobile?|mobil(?:nummer)?|cell|fax|handy|call(?:ed)?|ring|rang|anruf|rufnummer|durchwahl|contact|kontakt|erreichbar|reach(?:ed|able)?)\b/i

/** Where a number without a country code may belong. */
const COUNTRIES: readonly CountryCode[] = ['DE', 'GB', 'US', 'AT', 'CH', 'IE', 'FR']

/** Written as a date is: the digits alone would be a number of some place. */
const DATE_LIKE = /^\d{1,2}([./-])\d{1,2}\1(?:\d{2}|\d{4})$/

export const phoneRule = definePersonalRule({
  id: 'phone',
  kind: 'PHONE',
  title: 'Telephone numbers',
  needs: /\d/,
  *find(text): Generator<Found, void, undefined> {
    for (const match of text.matchAll(CANDIDATE)) {
      const written = match[0].trimEnd()
      const certainty = certaintyOf(text, match.index, written)
      if (certainty !== null) yield { start: match.index, end: match.index + written.length, certainty }
    }
  }
})

function certaintyOf(text: string, at: number, written: string): Certainty | null {
  const digits = digitsOf(written)
  if (digits.length < 7 || digits.length > 17 || DATE_LIKE.test(written)) return null
  const hasWord = isNear(text, at, WORD)
  if (/^(?:\+|00)/.test(written)) {
    const number = parsePhoneNumberFromString(written.replace(/^00/, '+').replace('(0)', ''))
    if (number?.isValid() === true) return 3
    return hasWord && number?.isPossible() === true ? 2 : null
  }
  if (hasWord && digits.length <= 13) return 2
  const isDivided = /\D/.test(written)
  const isValid = COUNTRIES.some((country) => parsePhoneNumberFromString(written, country)?.isValid() === true)
  if (!isValid) return null
  return isDivided ? 2 : 1
}
