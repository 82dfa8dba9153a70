import { definePersonalRule, isNear, matches, type Found } from '../define-rule.ts'

const V4 = /(?<![\p{L}\p{N}.])\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}]|\.\d)/gu
const V6 = /(?<![\p{L}\p{N}:.])[0-9a-f:]{3,39}(?![\p{L}\p{N}:])/giu

/** Numbers of versions and paragraphs are written like addresses. */
const OTHER = /(?:version|release|rev|v|§|section|chapter|abschnitt|kapitel|ziffer|nr|no|icd)\.?\s*$/i

export const ipRule = definePersonalRule({
  id: 'ip',
  kind: 'IP',
  title: 'Internet addresses',
  needs: /\d\.\d|:.*:/,
  *find(text): Generator<Found, void, undefined> {
    yield* matches(text, V4, ([all], at) => (isV4(all) && !isNear(text, at, OTHER) ? 2 : null))
    yield* matches(text, V6, ([all]) => (isV6(all) ? 3 : null))
  }
})

/** Four numbers up to 255, none with a zero in front. */
const isV4 = (address: string): boolean => address.split('.').every((part) => Number(part) <= 255 && !/^0\d/.test(part))

/** RFC 4291: eight groups of up to four hexadecimal digits; `::` once, for one group or more of zeros. */
function isV6(address: string): boolean {
  const halves = address.split('::')
  if (halves.length > 2 || !/\d/.test(address)) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false
  return halves.length === 1 ? groups.length === 8 : groups.length >= 2 && groups.length <= 7
}
