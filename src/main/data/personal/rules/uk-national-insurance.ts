import { definePersonalRule, isNear, matches } from '../define-rule.ts'

/** D, F, I, Q, U and V are never used in the prefix, O not as its second letter (HMRC NIM39110). */
const CANDIDATE = /(?<![\p{L}\p{N}])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]([ -]?)\d{2}\1\d{2}\1\d{2}\1?[A-D](?![\p{L}\p{N}])/gu
const UNUSED = new Set(['BG', 'GB', 'KN', 'NK', 'NT', 'TN', 'ZZ'])
const WORD = /(?:national\s+insurance|\bNI\s*(?:no|number|nr)|\bNINO\b)/i

export const ukNationalInsuranceRule = definePersonalRule({
  id: 'uk-national-insurance',
  kind: 'SOCIAL_INSURANCE',
  title: 'UK National Insurance numbers',
  needs: /\d/,
  find: (text) => matches(text, CANDIDATE, ([all], at) => (UNUSED.has(all.slice(0, 2)) ? null : isNear(text, at, WORD) ? 3 : 2))
})
