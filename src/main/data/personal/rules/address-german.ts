import { definePersonalRule, isNear, matches, type Found } from '../define-rule.ts'

const NUMBER = String.raw`\d{1,4} ?[a-z]?(?:[-/+] ?\d{1,4} ?[a-z]?)?(?![\p{L}\p{N}])`
const ONE_WORD = String.raw`\p{Lu}[\p{L}-]*(?:straße|strasse|str\.|gasse|allee|weg|platz|ring|damm|ufer|chaussee|steig|pfad|stieg|promenade|graben|markt|berg|hof|kamp|wall|zeile|twiete)`
const TWO_WORDS = String.raw`(?:\p{Lu}[\p{L}.-]+[ -]){1,3}(?:Straße|Strasse|Str\.|Gasse|Allee|Weg|Platz|Ring|Damm|Ufer|Chaussee|Steig|Pfad|Stieg|Promenade|Graben|Markt|Wall)`
const WITH_PREPOSITION = String.raw`(?:Am|An der|An den|Auf der|Auf dem|Im|In der|In den|Zum|Zur|Unter den|Hinter der|Vor dem|Bei der|Beim) \p{Lu}[\p{L}-]+(?: \p{Lu}[\p{L}-]+)?`
const TOWN = String.raw`(?:(?:D|A|CH)[ -])?\d{4,5} \p{Lu}\p{L}+(?:[ -](?:am|an der|im|in|bei|ob der|\p{Lu}[\p{L}.]+)(?:[ -]\p{Lu}\p{L}+)?)?`
const JOINT = String.raw`(?:,? |,?\s{0,2}\r?\n[ \t]{0,4}|, )`

const STREET = new RegExp(`(?<![\\p{L}\\p{N}])(?:${ONE_WORD}|${TWO_WORDS}) ?${NUMBER}(?:${JOINT}${TOWN})?`, 'gu')
const NAMED = new RegExp(`(?<![\\p{L}\\p{N}])${WITH_PREPOSITION} ${NUMBER}${JOINT}${TOWN}`, 'gu')
const PLACE = new RegExp(`(?<![\\p{L}\\p{N}.,])${TOWN}`, 'gu')
const LIVES = /(?:wohnhaft|wohnt|wohnen|anschrift|adresse|PLZ|wohnort|aus|in)\W{0,3}$/i

export const addressGermanRule = definePersonalRule({
  id: 'address-german',
  kind: 'ADDRESS',
  title: 'Addresses as German writes them',
  needs: /\d/,
  *find(text): Generator<Found, void, undefined> {
    yield* matches(text, STREET, () => 2)
    yield* matches(text, NAMED, () => 2)
    yield* matches(text, PLACE, ([all], at) => (/^(?:D|A|CH)[ -]/.test(all) ? 2 : isNear(text, at, LIVES) ? 1 : null))
  }
})
