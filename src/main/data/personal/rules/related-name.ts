import { definePersonalRule, matches, type Found } from '../define-rule.ts'
import { isGivenName } from '../given-names.ts'

const WORD = String.raw`(?:(?:O|D|Mc|Mac)['’]?)?\p{Lu}(?:['’]?\p{Ll})+(?:-\p{Lu}\p{Ll}+){0,2}`
const PARTICLE = String.raw`(?:(?:von|van|de|der|zu|di|la|al)[ \t]){0,2}`
const FULL = `${WORD}(?:[ \\t]${PARTICLE}${WORD}){0,2}`

/** Who did something to a letter or a person; who belongs to whom; who gets a copy. Small letters: the word is within a sentence. */
const BY = String.raw`(?:[Dd]ictated|[Rr]eported|[Ss]igned|[Ss]een|[Ww]ritten|[Rr]eferred|[Rr]eviewed|[Ee]xamined|[Aa]ssessed|[Oo]perated on|[Tt]reated|[Pp]rescribed|[Ww]itnessed|[Vv]erified|[Tt]yped|unterschrieben|untersucht|behandelt|überwiesen|gesehen|diktiert|erstellt|geprüft)(?:[ \t](?:on|am)[ \t][^,;\n]{1,24}?)?[ \t](?:by|von|durch)`
const RELATIVE = String.raw`(?:wife|husband|partner|brother|sister|mother|father|son|daughter|grandmother|grandfather|aunt|uncle|cousin|niece|nephew|neighbour of|neighbor of|friend|carer|colleague|widow|fiancée?|Ehefrau|Ehemann|Frau|Mann|Bruder|Schwester|Mutter|Vater|Sohn|Tochter|Großmutter|Großvater|Oma|Opa|Tante|Onkel|Cousine?|Nichte|Neffe|Nachbarin|Nachbar|Freundin|Freund|Lebensgefährtin|Lebensgefährte|Betreuerin|Betreuer|namens|called|named|spoke to|spoke with|second opinion from|pt|patient)`
const COPY = String.raw`(?:[Cc][Cc]:?|[Cc]opy to|[Cc]opies to|Kopie an|Durchschrift an|[Vv]erteiler:)`

const RELATED = new RegExp(`(?<![\\p{L}\\p{N}])(?:${BY}|${RELATIVE}|${COPY})[ \\t]{1,2}(${FULL})`, 'dgu')
const FAMILY = new RegExp(`(?:(?<=\\b[Tt]he )(?:${WORD})(?= family)|(?<=Familie )(?:${WORD}))`, 'gu')

/** What German writes large without its being a name, and what begins a sentence. */
const NO_NAME = new Set(
  'The This That She He Her His We I It They In On At A An Der Die Das Er Sie Es Wir Im Am In Dr Prof Mr Mrs Ms Miss Frau Herr Herrn Kollegen Kollegin Kollege Hausarzt Hausärztin Arzt Ärztin Patient Patientin Radiology Cardiology Surgery Occupational Physiotherapy GP'.split(
    ' '
  )
)

export const relatedNameRule = definePersonalRule({
  id: 'related-name',
  kind: 'NAME',
  title: 'Names of relatives, of authors, and of whoever gets a copy',
  needs: /\p{Lu}/u,
  *find(text): Generator<Found, void, undefined> {
    for (const match of text.matchAll(RELATED)) {
      const [from, to] = match.indices?.[1] ?? [0, 0]
      const first = /\p{L}+/u.exec(match[1] ?? '')?.[0] ?? ''
      if (NO_NAME.has(first)) continue
      // German nouns follow these words too; English writes names alone large within a sentence.
      const isGerman =
        /[äöüß]|(?:von|durch|an)[ \t]|(?:Frau|Mann|Bruder|Schwester|Mutter|Vater|Sohn|Tochter|Oma|Opa|Tante|Onkel|Freundin|Freund|namens)[ \t]/.test(
          match[0]
        )
      if (isGerman && !isGivenName(first.split('-')[0] ?? '') && !/\s/.test(match[1] ?? '')) continue
      yield { start: from, end: to, certainty: 1 }
    }
    yield* matches(text, FAMILY, () => 1)
  }
})
