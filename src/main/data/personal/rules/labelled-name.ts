import { definePersonalRule, type Found } from '../define-rule.ts'
import { isGivenName } from '../given-names.ts'

const WORD = String.raw`(?:[A-Z]\.|(?:(?:O|D|Mc|Mac)['’]?)?\p{Lu}(?:['’]?\p{Ll})+(?:-\p{Lu}\p{Ll}+){0,2}|\p{Lu}{2,}(?:-\p{Lu}{2,})?)`
const PARTICLE = String.raw`(?:(?:von|vom|zu|van|de|der|den|di|la|le|al|bin|ter)[ \t]){0,2}`
const FULL = `${WORD}(?:,?[ \\t]{1,2}${PARTICLE}${WORD}){0,3}`
const LABEL = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:(?:(?:Patient(?:in)?|Client|Mandant(?:in)?|Kläger(?:in)?|Beklagter?|Claimant|Defendant|Name|Vorname|Nachname|Familienname|Surname|Forename|First name|Last name|Full name|Next of kin|Ansprechpartner(?:in)?|Signed|Gezeichnet|gez|GP|Consultant|Hausarzt|Hausärztin|Angehörige|Ehefrau|Ehemann|Mother|Father|Husband|Wife|Daughter|Son|Mutter|Vater|Tochter|Sohn)(?:'s name| name|name)?\\s?[:.]|geb\\.|geborene|née|Dear|Liebe[r]?|Hallo|Hello|Hi)[ \\t]{1,3})(${FULL})`,
  'dgu'
)
/** What a letter is about may be a person. */
const ABOUT = new RegExp(`(?<![\\p{L}\\p{N}])(?:Re|Betrifft|Betreff|Contact|Kontakt):[ \\t]{1,3}(${FULL})`, 'dgu')
/** "Kind regards," and the line below it. */
const CLOSING = new RegExp(
  `(?:regards|sincerely|faithfully|truly|wishes|Grüßen|Gruß|Grüße|Hochachtungsvoll|[Tt]hanks),?(?:[ \\t]*\\r?\\n\\s{0,4}|,[ \\t])(?:(?:Dr|Prof)\\.?[ \\t](?:med\\.[ \\t])?){0,2}(${WORD}(?:[ \\t]{1,2}${PARTICLE}${WORD}){0,3})(?=[ \\t]*(?:\\r?\\n|$|[.,]))`,
  'dgu'
)

const NO_NAME = new Set(
  'There Sir Madam Sirs Colleague Colleagues Doctor Team All Both Everyone Patient Patients Kollege Kollegin Kollegen Kolleginnen Damen Herren Frau Herr Herrn Mr Mrs Ms Miss Dr Prof Unknown Unbekannt The A An None Your Our Zusammen Patientin Date Datum Am Im In'.split(
    ' '
  )
)

export const labelledNameRule = definePersonalRule({
  id: 'labelled-name',
  kind: 'NAME',
  title: 'Names after a word such as "Patient:" and below a letter',
  needs: /\p{Lu}/u,
  *find(text): Generator<Found, void, undefined> {
    for (const pattern of [LABEL, ABOUT, CLOSING])
      for (const match of text.matchAll(pattern)) {
        const [from, to] = match.indices?.[1] ?? [0, 0]
        const value = match[1] ?? ''
        const first = /\p{L}+/u.exec(value)?.[0] ?? ''
        if (NO_NAME.has(first)) continue
        const hasGivenName = value.split(/[ ,-]+/).some(isGivenName)
        // German writes every noun large: "Betreff: Befund vom …" names nobody.
        if (hasGivenName || (pattern !== ABOUT && /^[ \t]*(?:[\r\n,;.(]|$)/.test(text.slice(to, to + 8))))
          yield { start: from, end: to, certainty: hasGivenName ? 2 : 1 }
      }
  }
})
