import { definePersonalRule, type Found } from '../define-rule.ts'
import { isGivenName } from '../given-names.ts'

const WORD = String.raw`\p{Lu}(?:['’]?\p{Ll})+(?:-\p{Lu}\p{Ll}+)?`
const PAIR = new RegExp(
  `(?<![\\p{L}\\p{N}])(${WORD})((?:[ \\t](?:${WORD}|\\p{Lu}\\.))?[ \\t](?:(?:von|van|de|der|zu|di|la)[ \\t]){0,2}(?:(?:O|D|Mc|Mac)['’]?)?${WORD})`,
  'gu'
)
const REVERSED = new RegExp(`(?<![\\p{L}\\p{N}])(${WORD}),[ \\t](${WORD})(?![\\p{L}\\p{N}])`, 'gu')

/** A given name may be a word of another kind before these: "Frank Discussion", "Martin Luther King Street". */
const NO_SURNAME =
  /\b(?:Hospital|Clinic|Klinik|Klinikum|Street|Road|Avenue|Lane|Ward|Station|University|Universität|School|Schule|Syndrome?|Syndrom|Disease|Krankheit|Test|Score|Scale|Skala|Act|Ltd|GmbH|AG|Inc|Day|Week|Month|Court|House|Haus|Kirche|Church|Foundation|Stiftung|Straße|Platz|Park|Institute|Institut|January|February|March|April|May|June|July|August|September|October|November|December|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember)\b/u

export const givenAndSurnameRule = definePersonalRule({
  id: 'given-and-surname',
  kind: 'NAME',
  title: 'A frequent given name and a surname',
  needs: /\p{Lu}/u,
  *find(text): Generator<Found, void, undefined> {
    for (const match of text.matchAll(PAIR)) {
      const [all, first = '', rest = ''] = match
      if (isGivenName(first.split('-')[0] ?? '') && !NO_SURNAME.test(rest))
        yield { start: match.index, end: match.index + all.length, certainty: 1 }
    }
    for (const match of text.matchAll(REVERSED))
      if (isGivenName(match[2] ?? '') && !isGivenName(match[1] ?? ''))
        yield { start: match.index, end: match.index + match[0].length, certainty: 1 }
  }
})
