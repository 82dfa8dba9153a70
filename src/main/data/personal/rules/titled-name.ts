import { definePersonalRule, type Found } from '../define-rule.ts'
import { isGivenName } from '../given-names.ts'

const ACADEMIC = String.raw`(?:Dr|Prof|Professor|PD|Dipl|Mag|Ing|med|dent|vet|jur|phil|rer|nat|habil|Priv|Doz|Doctor|Doktor)(?:\.|(?=[\s-]))(?:-(?:Ing|Psych|Med|Doz)\.?)?`
const FORM = String.raw`(?:Mr|Mrs|Ms|Miss|Mx|Sir|Dame|Lady|Lord|Master|Herrn?|Frau|Fräulein|Fr|Hr|Madame|Mme|Monsieur|Sister|Nurse|Judge|Justice|Pastor|Father|Rev|Oberarzt|Oberärztin|Chefarzt|Chefärztin|Rechtsanwalt|Rechtsanwältin|Richter|Richterin|Pfleger|Schwester|Hausarzt|Hausärztin|PC|PS|Sgt|Constable|Detective|Inspector|Officer|Councillor|Cllr)(?:\.|(?=\s))(?:[ \t](?:Kollegin|Kollegen?|Doktor|Professor(?:in)?)(?=\s))?`
const TITLE = `(?:(?:${ACADEMIC}|${FORM})[ \\t]{0,2})+`
const PARTICLE = String.raw`(?:von|vom|zu|zur|zum|van|de|der|den|del|della|di|du|la|le|el|al|bin|ibn|ten|ter|af|av|dos|da)[ \t]`
const WORD = String.raw`(?:[A-Z]\.|(?:(?:O|D|Mc|Mac)['’]?)?\p{Lu}(?:['’]?\p{Ll})+(?:-\p{Lu}\p{Ll}+){0,2}|\p{Lu}{2,}(?:-\p{Lu}{2,})?)`
const NAME = new RegExp(
  `(?<![\\p{L}\\p{N}])(${TITLE})((?:${PARTICLE}){0,3}${WORD}(?:[ \\t]{1,2}(?:${PARTICLE}){0,3}${WORD}){0,3})`,
  'dgu'
)

/** What stands after a title without being a name. */
const NO_NAME = new Set(
  'There Kollege Kollegin Kollegen Kolleginnen Doktor Professor Patient Patientin Präsident Präsidentin Direktor Direktorin Minister Ministerin Richter Richterin Anwalt Rechtsanwalt Rechtsanwältin Staatsanwalt Staatsanwältin Oberarzt Oberärztin Chefarzt Chefärztin Pfarrer Vorsitzende Vorsitzender Ober Gott President Director Chairman Speaker Judge Justice Right And The Her His Who Und Der Die Das Dr Prof Med'.split(
    ' '
  )
)

/** Words that begin large after a name without being part of it: the next sentence, months, and what letters are about. */
const AFTER = new Set(
  'There The This That He She They We I It His Her In On At And Or But For From With Was Is Has Had Will Would Please Thank Dear Kind Best Yours Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag Januar Februar März Mai Juni Juli Oktober Dezember Der Die Das Er Sie Wir Ich Es Ein Eine Am Im Mit Und Oder Bei Nach Von Zum Zur Bitte Vielen Dank Wegen Diagnose Diagnosen Anamnese Befund Therapie Medikation Hospital Clinic Ward Street Road Klinik Station Praxis Telefon Tel Phone Email Mobile NHS MRN DOB Date Datum Patient Patientin'.split(
    ' '
  )
)

export const titledNameRule = definePersonalRule({
  id: 'titled-name',
  kind: 'NAME',
  title: 'Names after a title',
  needs: /\p{Lu}/u,
  *find(text): Generator<Found, void, undefined> {
    for (const match of text.matchAll(NAME)) {
      const [from] = match.indices?.[2] ?? [0]
      const length = nameLength(match[2] ?? '', /Herr|Frau|Hr|Fr\b/.test(match[1] ?? ''))
      if (length > 0) yield { start: from, end: from + length, certainty: 2 }
    }
  }
})

/** How much of the capitalised words is the name. German writes every noun large: there a second word needs a given name before it. */
function nameLength(words: string, isGerman: boolean): number {
  let end = 0
  let isGivenBefore = true
  for (const word of words.matchAll(/\S+/g)) {
    const isLarge = /^\p{Lu}/u.test(word[0])
    if (isLarge && (end === 0 ? NO_NAME : AFTER).has(word[0])) break
    if (isLarge && end > 0 && isGerman && !isGivenBefore) break
    if (isLarge) {
      end = word.index + word[0].length
      isGivenBefore = word[0].endsWith('.') || isGivenName(word[0].split('-')[0] ?? '')
    }
  }
  // Of initials alone nobody is told apart.
  return /\p{Ll}|\p{Lu}{2}/u.test(words.slice(0, end)) ? end : 0
}
