import { isLuhn } from '../checksums.ts'
import { definePersonalRule, digitsOf, isOneDigit, matches } from '../define-rule.ts'

const CANDIDATE = /(?<![\p{L}\p{N}.,])\d(?:[ -]?\d){12,18}(?![\p{L}\p{N}]|[.,]\d)/gu

/** Beginnings and lengths of payment cards: Visa, Mastercard, American Express, Discover, JCB, Diners, UnionPay, Maestro. */
const ISSUERS = [
  /^4(?:\d{12}|\d{15}|\d{18})$/,
  /^(?:5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720))\d+$(?<=^\d{16})/,
  /^3[47]\d{13}$/,
  /^(?:6011|65|64[4-9])\d+$(?<=^\d{16})/,
  /^35(?:2[89]|[3-8]\d)\d{12}$/,
  /^3(?:0[0-5]|[68]\d)\d{11}$/,
  /^62\d{14,17}$/,
  /^(?:50|5[6-9]|6[37])\d{12,17}$/
]

export const cardRule = definePersonalRule({
  id: 'card',
  kind: 'CARD',
  title: 'Payment cards',
  needs: /\d/,
  find: (text) =>
    matches(text, CANDIDATE, ([all]) => {
      const digits = digitsOf(all)
      return ISSUERS.some((issuer) => issuer.test(digits)) && isLuhn(digits) && !isOneDigit(digits) ? 3 : null
    })
})
