import { definePersonalRule, isNear, matches, type Found } from '../define-rule.ts'

const KIND =
  'Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Way|Place|Pl|Square|Sq|Terrace|Crescent|Cres|Gardens|Gdns|Boulevard|Blvd|Hill|Park|Row|Mews|Grove|Walk|Parade|Highway|Hwy|Green|Rise|View|Quay|Wharf|Circle|Parkway|Pkwy|Trail'
const NAME = "\\p{Lu}[\\p{L}'’.-]*"
const POSTCODE = String.raw`(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})`
const ZIP = String.raw`(?:[A-Z]{2}\.? ?\d{5}(?:-\d{4})?)`
const FLAT = '(?:(?:Flat|Apartment|Apt|Suite|Unit|Room)\\.? ?\\p{N}{1,4}[A-Za-z]?,? )?'
const REST = `(?:,? (?:Flat|Apartment|Apt|Suite|Unit|#)\\.? ?\\p{N}{1,4}[A-Za-z]?)?(?:(?:,[ \\n]?|\\r?\\n[ \\t]{0,4})${NAME}(?: ${NAME}){0,3}){0,3}(?:,[ \\n]?|\\r?\\n[ \\t]{0,4}| )(?:${POSTCODE}|${ZIP})(?![\\p{L}\\p{N}])`

const STREET = new RegExp(
  `(?<![\\p{L}\\p{N}./-])${FLAT}\\d{1,5}[A-Za-z]?(?:-\\d{1,5})? (?:(?:N|S|E|W|North|South|East|West|Old|New|Upper|Lower|St\\.?) )?(?:${NAME} ){1,3}(?:${KIND})(?![\\p{L}\\p{N}])\\.?`,
  'gu'
)
const TAIL = new RegExp(`^${REST}`, 'u')
const ALONE = new RegExp(`(?<![\\p{L}\\p{N}])${POSTCODE}(?![\\p{L}\\p{N}])`, 'gu')
export const addressEnglishRule = definePersonalRule({
  id: 'address-english',
  kind: 'ADDRESS',
  title: 'Addresses as English writes them, and UK postcodes',
  needs: /\d/,
  *find(text): Generator<Found, void, undefined> {
    for (const match of text.matchAll(STREET)) {
      const street = match[0]
      const from = match.index + street.length
      // Without a postcode at its end the names after the street may be the next sentence.
      const tail = TAIL.exec(text.slice(from, from + 160))?.[0] ?? ''
      const isSentenceEnd = tail === '' && /[a-z]{4}\.$/.test(street)
      yield { start: match.index, end: from + tail.length - (isSentenceEnd ? 1 : 0), certainty: 2 }
    }
    yield* matches(text, ALONE, ([all], at) => {
      if (all.includes(' ') || isNear(text, at, /post\s?code|address|lives|resid/i)) return 2
      return null
    })
  }
})
