import { definePersonalRule, type Found } from '../define-rule.ts'
import { isGivenName, isNothingButAGivenName } from '../given-names.ts'

const WORD = String.raw`\p{Lu}(?:['’]?\p{Ll})+(?:-\p{Lu}\p{Ll}+)?`
const PAIR = new RegExp(
  `(?<![\\p{L}\\p{N}])(${WORD})((?:[ \\t](?:${WORD}|\\p{Lu}\\.))?[ \\t](?:(?:von|van|de|der|zu|di|la)[ \\t]){0,2}(?:(?:O|D|Mc|Mac)['’]?)?${WORD})`,
  'gu'
)
const REVERSED = new RegExp(
  `(?<![\\p{L}\\p{N}])(${WORD}|\\p{Lu}{2,}(?:-\\p{Lu}{2,})?),[ \\t](${WORD}|\\p{Lu}{2,})(?![\\p{L}\\p{N}])`,
  'gu'
)
const ALONE = new RegExp(`(?<![\\p{L}\\p{N}])(?:${WORD}|\\p{Lu}{3,})(?![\\p{L}\\p{N}])`, 'gu')

/** A given name may be a word of another kind before these: "Frank Discussion", "Martin Luther King Street". */
const NO_SURNAME =
  /\b(?:Hospital|Clinic|Klinik|Klinikum|Street|Road|Avenue|Lane|Ward|Station|University|Universität|School|Schule|Syndrome?|Syndrom|Disease|Krankheit|Test|Score|Scale|Skala|Act|Ltd|GmbH|AG|Inc|Day|Week|Month|Court|House|Haus|Kirche|Church|Foundation|Stiftung|Straße|Platz|Park|Institute|Institut|January|February|March|April|May|June|July|August|September|October|November|December|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember)\b/u

export const givenAndSurnameRule = definePersonalRule({
  id: 'given-and-surname',
  kind: 'NAME',
  title: 'Frequent given names, alone and with a surname',
  needs: /\p{Lu}/u,
  *find(text): Generator<Found, void, undefined> {
    yield* pairs(text)
    for (const match of text.matchAll(REVERSED))
      if (isReversed(match[1] ?? '', match[2] ?? ''))
        yield { start: match.index, end: match.index + match[0].length, certainty: 1 }
    for (const match of text.matchAll(ALONE))
      if (isNothingButAGivenName(match[0].split('-')[0] ?? ''))
        yield { start: match.index, end: match.index + match[0].length, certainty: 1 }
  }
})

/** "WEBER, Anna" and "Weber, Anna"; not "Anna, Peter", which are two. */
function isReversed(surname: string, given: string): boolean {
  if (/^\p{Lu}{2,}/u.test(surname) && /^\p{Lu}\p{Ll}/u.test(given)) return surname.length > 3
  return isGivenName(given) && !isGivenName(surname)
}

/** A word before the given name begins large too: what does not begin with one is tried again from its next word. */
function* pairs(text: string): Generator<Found, void, undefined> {
  const pattern = new RegExp(PAIR)
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [all, first = '', rest = ''] = match
    const isName = isGivenName(first.split('-')[0] ?? '') && !NO_SURNAME.test(rest)
    if (isName) yield { start: match.index, end: match.index + all.length, certainty: 1 }
    else pattern.lastIndex = match.index + first.length
  }
}
