import { nhsDigit } from '../checksums.ts'
import { definePersonalRule, digitsOf, isNear, isOneDigit, matches } from '../define-rule.ts'

const CANDIDATE = /(?<![\p{L}\p{N}.,+-])\d{3}([ -]?)\d{3}\1\d{4}(?![\p{L}\p{N}]|[.,-]\d)/gu
const WORD = /\b(?:NHS|CHI|H&C|health\s+and\s+care)\b/i

export const nhsNumberRule = definePersonalRule({
  id: 'nhs-number',
  kind: 'NHS',
  title: 'NHS numbers',
  needs: /\d/,
  find: (text) =>
    matches(text, CANDIDATE, ([all, gap], at) => {
      const digits = digitsOf(all)
      if (nhsDigit(digits.slice(0, 9)) !== Number(digits[9]) || isOneDigit(digits)) return null
      if (isNear(text, at, WORD)) return 3
      // One number in eleven passes by chance: only the usual grouping, within the ranges that were issued, speaks for itself.
      const start = Number(digits.slice(0, 3))
      const isIssued = (start >= 10 && start <= 311) || (start >= 320 && start <= 499) || (start >= 600 && start <= 799)
      if (!isIssued) return null
      return gap === ' ' ? 2 : 1
    })
})
