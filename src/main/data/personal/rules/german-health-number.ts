import { healthInsuranceDigit } from '../checksums.ts'
import { definePersonalRule, matches } from '../define-rule.ts'

const CANDIDATE = /(?<![\p{L}\p{N}])[A-Z] ?\d{9}(?![\p{L}\p{N}])/gu

export const germanHealthNumberRule = definePersonalRule({
  id: 'german-health-number',
  kind: 'RECORD',
  title: 'German health insurance numbers (Versichertennummer)',
  needs: /\d/,
  find: (text) =>
    matches(text, CANDIDATE, ([all]) => {
      const plain = all.replace(' ', '')
      return healthInsuranceDigit(plain.slice(0, 9)) === Number(plain[9]) ? 3 : null
    })
})
