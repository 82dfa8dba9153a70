import { mod11Digit } from '../checksums.ts'
import { definePersonalRule, digitsOf, isNear, matches } from '../define-rule.ts'

const CANDIDATE = /(?<![\p{L}\p{N}.,+-])[1-9]\d([ /]?)\d{3}\1\d{3}\1\d{3}(?![\p{L}\p{N}]|[.,-]\d)/gu
const WORD = /(?:steuer|identifikationsnummer|idnr|tax\s*(?:id|number|no)|\btin\b)/i

/** Of the first ten digits exactly one stands twice or three times, every other at most once (BZSt). */
export function isTaxShape(ten: string): boolean {
  const counts = [...new Set(ten)].map((digit) => ten.split(digit).length - 1)
  const repeated = counts.filter((count) => count > 1)
  return repeated.length === 1 && (repeated[0] ?? 0) <= 3
}

export const germanTaxIdRule = definePersonalRule({
  id: 'german-tax-id',
  kind: 'TAX_ID',
  title: 'German tax identifiers (Steuer-ID)',
  needs: /\d/,
  find: (text) =>
    matches(text, CANDIDATE, ([all, gap], at) => {
      const digits = digitsOf(all)
      if (!isTaxShape(digits.slice(0, 10)) || mod11Digit(digits.slice(0, 10)) !== Number(digits[10])) return null
      if (isNear(text, at, WORD)) return 3
      return gap === '' ? 1 : 2
    })
})
