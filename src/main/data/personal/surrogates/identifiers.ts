import { healthInsuranceDigit, ibanCheck, luhnDigit, mod11Digit, nhsDigit, pensionDigit } from '../checksums.ts'
import type { PersonalKind } from '../kinds.ts'
import { ibanLengths } from '../rules/iban.ts'
import { isTaxShape } from '../rules/german-tax-id.ts'
import { digits, pick, type Draw } from './draw.ts'

/** Makes another value of a kind, written as the one before was. */
export type Surrogate = (written: string, draw: Draw) => string

/** The digits and letters of `value` in the places of those of `written`, whatever stands between them. */
export function inShapeOf(written: string, value: string): string {
  let at = 0
  const shaped = written.replace(/[\p{L}\p{N}]/gu, () => value[at++] ?? '')
  return shaped + value.slice(at)
}

/** Letters become X, digits are drawn; the first of them is 0. No register of ours says which numbers a house never gave out. */
const numbered: Surrogate = (written, draw) => {
  let isFirst = true
  return written.replace(/\p{N}|\p{L}/gu, (one) => {
    if (/\p{L}/u.test(one)) return /\p{Lu}/u.test(one) ? 'X' : 'x'
    const digit = isFirst ? '0' : String(draw.next(10))
    isFirst = false
    return digit
  })
}

/** NHS numbers from 999 000 0000 on are kept for tests. */
const nhs: Surrogate = (written, draw) => {
  for (;;) {
    const nine = `999${digits(draw, 6)}`
    const check = nhsDigit(nine)
    if (check !== null) return inShapeOf(written, `${nine}${check}`)
  }
}

/** The area 666 is never assigned. */
const ssn: Surrogate = (written, draw) =>
  inShapeOf(written, `666${String(1 + draw.next(99)).padStart(2, '0')}${String(1 + draw.next(9999)).padStart(4, '0')}`)

/** Identifiers that begin with 0 are for tests. */
const taxId: Surrogate = (written, draw) => {
  for (;;) {
    const order = [...'123456789']
    for (let i = order.length - 1; i > 0; i--) {
      const j = draw.next(i + 1)
      ;[order[i], order[j]] = [order[j] ?? '', order[i] ?? '']
    }
    order[draw.next(8) + 1] = order[0] ?? ''
    const ten = `0${order.join('')}`
    if (isTaxShape(ten)) return inShapeOf(written, `${ten}${mod11Digit(ten)}`)
  }
}

/** Area 00 belongs to no pension insurer; UK numbers in QQ are for examples. */
const socialInsurance: Surrogate = (written, draw) => {
  if (/^[A-Z]{2}/i.test(written)) return inShapeOf(written, `QQ${digits(draw, 6)}${pick(draw, [...'ABCD'])}`)
  const day = String(1 + draw.next(28)).padStart(2, '0')
  const month = String(1 + draw.next(12)).padStart(2, '0')
  const eleven = `00${day}${month}${digits(draw, 2)}${pick(draw, [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'])}${digits(draw, 2)}`
  return inShapeOf(written, `${eleven}${pensionDigit(eleven)}`)
}

/** The same country, its check digits right, its bank 0: no bank has it. */
const iban: Surrogate = (written, draw) => {
  const plain = written.replace(/[ -]/g, '').toUpperCase()
  const country = plain.slice(0, 2)
  const length = (ibanLengths[country] ?? plain.length) - 4
  const account = Array.from({ length }, (_, i) => {
    const isLetter = /[A-Z]/.test(plain[i + 4] ?? '')
    return isLetter ? 'X' : i < 8 ? '0' : String(draw.next(10))
  }).join('')
  return inShapeOf(written, `${country}${ibanCheck(country, account)}${account}`)
}

/** Numbers that begin with 0 belong to no issuer of payment cards (ISO/IEC 7812-1). */
const card: Surrogate = (written, draw) => {
  const length = written.replace(/\D/g, '').length
  const front = `0${digits(draw, length - 2)}`
  return inShapeOf(written, `${front}${luhnDigit(front)}`)
}

/** A letter, eight digits that begin with 0, and their check; other record numbers keep their shape alone. */
const record: Surrogate = (written, draw) => {
  if (!/^[A-Z] ?\d{9}$/.test(written)) return numbered(written, draw)
  const nine = `X0${digits(draw, 7)}`
  return inShapeOf(written, `${nine}${healthInsuranceDigit(nine)}`)
}

export const identifierSurrogates: Readonly<Partial<Record<PersonalKind, Surrogate>>> = {
  ...{ NHS: nhs, SSN: ssn, TAX_ID: taxId, SOCIAL_INSURANCE: socialInsurance, IBAN: iban, CARD: card, RECORD: record },
  PASSPORT: numbered
}
