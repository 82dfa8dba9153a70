import { ibanRemainder } from '../checksums.ts'
import { definePersonalRule, type Found } from '../define-rule.ts'

/** Characters of an IBAN by country, from the registry of ISO 13616. */
export const ibanLengths: Readonly<Record<string, number>> = {
  ...{ AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, BI: 27, BR: 29, BY: 28, CH: 21, CR: 22, CY: 28 },
  ...{ CZ: 24, DE: 22, DJ: 27, DK: 18, DO: 28, EE: 20, EG: 29, ES: 24, FI: 18, FK: 18, FO: 18, FR: 27, GB: 22, GE: 22, GI: 23 },
  ...{ GL: 18, GR: 27, GT: 28, HR: 21, HU: 28, IE: 22, IL: 23, IQ: 23, IS: 26, IT: 27, JO: 30, KW: 30, KZ: 20, LB: 28, LC: 32 },
  ...{ LI: 21, LT: 20, LU: 20, LV: 21, LY: 25, MC: 27, MD: 24, ME: 22, MK: 19, MN: 20, MR: 27, MT: 31, MU: 30, NI: 28, NL: 18 },
  ...{ NO: 15, OM: 23, PK: 24, PL: 28, PS: 29, PT: 25, QA: 29, RO: 24, RS: 22, RU: 33, SA: 24, SC: 31, SD: 18, SE: 24, SI: 19 },
  ...{ SK: 24, SM: 27, SO: 23, ST: 25, SV: 28, TL: 23, TN: 24, TR: 26, UA: 29, VA: 22, VG: 24, XK: 20, YE: 30 }
}

const START = /(?<![\p{L}\p{N}])[A-Z]{2}[ -]?\d{2}/giu

export const ibanRule = definePersonalRule({
  id: 'iban',
  kind: 'IBAN',
  title: 'Bank accounts (IBAN)',
  needs: /[a-z]{2}[ -]?\d{2}/i,
  *find(text): Generator<Found, void, undefined> {
    for (const match of text.matchAll(START)) {
      const end = endOf(text, match.index, ibanLengths[match[0].slice(0, 2).toUpperCase()] ?? 0)
      if (end === null) continue
      const iban = text.slice(match.index, end).replace(/[ -]/g, '').toUpperCase()
      if (ibanRemainder(iban) === 1) yield { start: match.index, end, certainty: 3 }
    }
  }
})

/** Where so many letters and digits end, single blanks and hyphens between them not counted; null where the text does not have them, or goes on. */
function endOf(text: string, start: number, length: number): number | null {
  let [at, seen] = [start, 0]
  while (seen < length) {
    const character = text[at] ?? ''
    if (/[A-Z0-9]/i.test(character)) seen++
    else if (!/[ -]/.test(character) || !/[A-Z0-9]/i.test(text[at + 1] ?? '')) return null
    at++
  }
  return length > 0 && !/[\p{L}\p{N}]/u.test(text[at] ?? ' ') ? at : null
}
