import { definePersonalRule, digitsOf, isNear, matches } from '../define-rule.ts'

const CANDIDATE = /(?<![\p{L}\p{N}.,+-])\d{3}([ -]?)\d{2}\1\d{4}(?![\p{L}\p{N}]|[.,-]\d)/gu
const WORD = /\b(?:SSN|social\s+security|soc\.?\s?sec)\b/i

/** Ranges that the Social Security Administration never assigns: areas 000, 666 and 900 on, group 00, serial 0000. */
export const usSsnRule = definePersonalRule({
  id: 'us-ssn',
  kind: 'SSN',
  title: 'US social security numbers',
  needs: /\d/,
  find: (text) =>
    matches(text, CANDIDATE, ([all, gap], at) => {
      const digits = digitsOf(all)
      const [area, group, serial] = [digits.slice(0, 3), digits.slice(3, 5), digits.slice(5)]
      if (area === '000' || area === '666' || area >= '900' || group === '00' || serial === '0000') return null
      if (isNear(text, at, WORD)) return 3
      return gap === '-' ? 2 : null
    })
})
