import type { PersonalKind } from '../kinds.ts'
import { digits, pick, type Draw } from './draw.ts'
import type { Surrogate } from './identifiers.ts'
import { surrogateStreetsEnglish, surrogateStreetsGerman, surrogateTowns } from './lists.ts'

/** Kept free for films and examples by the Bundesnetzagentur, by Ofcom, and in North America. */
const GERMAN_AREAS = ['30 23125', '69 90009', '40 66969', '221 4710', '89 99998']
const BRITISH_AREAS = [
  '20 7946',
  '113 496',
  '114 496',
  '115 496',
  '116 496',
  '117 496',
  '118 496',
  '121 496',
  '131 496',
  '141 496'
]

const phone: Surrogate = (written, draw) => {
  const plain = written.replace(/[^\d+]/g, '').replace(/^00/, '+')
  const isInternational = plain.startsWith('+')
  if (/^\+1\d{10}$|^[2-9]\d{9}$/.test(plain)) {
    const number = `${200 + draw.next(800)}-555-01${digits(draw, 2)}`
    return isInternational ? `+1 ${number}` : number
  }
  const isBritish =
    plain.startsWith('+44') || /^0(?:7\d{9}|1\d{8,9}|2[03489]\d{8})$/.test(plain.length === 11 && !isInternational ? plain : '')
  const front = isInternational ? (isBritish ? '+44 ' : '+49 ') : '0'
  return (
    front + (isBritish ? `${pick(draw, BRITISH_AREAS)} 0${digits(draw, 3)}` : `${pick(draw, GERMAN_AREAS)} ${digits(draw, 3)}`)
  )
}

/** RFC 2606. */
const email: Surrogate = (_written, draw) => `person${draw.next(900_000) + 100_000}@example.org`
const url: Surrogate = (_written, draw) => `https://www.example.org/${draw.next(900_000) + 100_000}`

/** RFC 5737 and RFC 3849. */
const ip: Surrogate = (written, draw) =>
  written.includes(':')
    ? `2001:db8::${(1 + draw.next(65_535)).toString(16)}:${(1 + draw.next(65_535)).toString(16)}`
    : `${pick(draw, ['192.0.2', '198.51.100', '203.0.113'])}.${1 + draw.next(254)}`

const GERMAN_TOWN = /\d{4,5} \p{Lu}/u
const POSTCODE_END = /[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/
const ZIP_END = /[A-Z]{2}\.? ?\d{5}(?:-\d{4})?$/

/** Streets that we made up, in towns that do not exist: no German postcode begins with 00, no British one with ZZ, no American one with 000. */
const address: Surrogate = (written, draw) => {
  const town = pick(draw, surrogateTowns)
  const number = 1 + draw.next(180)
  if (
    /^(?:\d{1,5}[A-Za-z]?(?:-\d{1,5})? |Flat|Apartment|Apt|Suite|Unit|Room)/.test(written) &&
    !GERMAN_TOWN.test(written.slice(0, 7))
  ) {
    const street = `${number} ${pick(draw, surrogateStreetsEnglish)}`
    if (POSTCODE_END.test(written)) return `${street}, ${town}, ${britishPostcode(draw)}`
    return ZIP_END.test(written) ? `${street}, ${town}, NY 000${digits(draw, 2)}` : street
  }
  if (POSTCODE_END.test(written) && written.length <= 8) return britishPostcode(draw)
  const place = `00${digits(draw, 3)} ${town}`
  if (/^(?:(?:D|A|CH)[ -])?\d{4,5} /.test(written)) return place
  const street = `${pick(draw, surrogateStreetsGerman)} ${number}`
  return GERMAN_TOWN.test(written) ? `${street}, ${place}` : street
}

const britishPostcode = (draw: Draw): string =>
  `ZZ${1 + draw.next(98)} ${draw.next(10)}${pick(draw, [...'ABDEFGHJLNPQRSTUWXYZ'])}${pick(draw, [...'ABDEFGHJLNPQRSTUWXYZ'])}`

/** All ages above 89 become one. */
const age: Surrogate = () => '90+'

export const contactSurrogates: Readonly<Partial<Record<PersonalKind, Surrogate>>> = {
  ...{ PHONE: phone, EMAIL: email, URL: url, IP: ip, ADDRESS: address, AGE: age }
}
