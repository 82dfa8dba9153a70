import { isGivenName, isNothingButAGivenName } from './given-names.ts'
import type { PersonalSpan } from './find.ts'

const LEAST_LETTERS = 3

/** Words that are names and ordinary words alike: alone they say nothing. */
const COMMON = new Set(
  'The And For Von Van Der Den Del Bin May June April March August Will Mark Grace Rose Hope Joy Summer Young Long Short Small Brown Black White Green Grey Gray King Bishop Day West North South East Park Hill Wood Woods Stone Field Lake Rivers Church Hall Bell Price Case Law Best Good Rich Strong Swift Jung Alt Klein Groß Gross Lang Kurz Weiß Weiss Schwarz Braun Grün Roth Bach Berg Busch Stein Feld Wald Winter Sommer Frost Morgen Abend Montag Freitag Sonntag Stark Ernst Kühn Fromm Krank Arm Arms Blut Zahn Haut Patient Patientin'.split(
    ' '
  )
)

/** The other places of a text where a name that was found stands again, alone or in part: "Dr. Anna Weber" above, "Weber" below. */
export function sameNames(text: string, found: readonly PersonalSpan[]): readonly PersonalSpan[] {
  const words = new Set<string>()
  const whole = new Set<string>()
  for (const { label, certainty, start, end } of found) {
    // What may be no name at all must not take the same word everywhere with it.
    if (label !== 'NAME' || (certainty < 2 && !startsWithGivenName(text.slice(start, end)))) continue
    whole.add(text.slice(start, end))
    for (const [word] of text.slice(start, end).matchAll(/\p{Lu}[\p{L}'’-]+/gu))
      if (word.length >= LEAST_LETTERS && !COMMON.has(word) && !isTitle(word)) words.add(word)
  }
  if (words.size === 0) return []
  const alternatives = [...whole, ...words].sort((a, b) => b.length - a.length).map(escaped)
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives.join('|')})(?=(?:['’]?s)?(?![\\p{L}\\p{N}]))`, 'gu')
  return Array.from(text.matchAll(pattern), (match) => {
    const certainty = isGivenName(match[0]) || match[0].includes(' ') ? 2 : 1
    return { start: match.index, end: match.index + match[0].length, label: 'NAME', certainty, rule: 'same-name' } as const
  })
}

const startsWithGivenName = (name: string): boolean => isNothingButAGivenName(/\p{L}+/u.exec(name)?.[0] ?? '')

const isTitle = (word: string): boolean => /^(?:Dr|Prof|Mr|Mrs|Ms|Miss|Herrn?|Frau|Sir|Lady|Dipl|Mag|Ing)$/.test(word)

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
