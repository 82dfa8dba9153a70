import { pensionDigit } from '../checksums.ts'
import { definePersonalRule, matches } from '../define-rule.ts'

const CANDIDATE = /(?<![\p{L}\p{N}])\d{2}[ /]?\d{6}[ /]?[A-Z][ /]?\d{2}[ /]?\d(?![\p{L}\p{N}])/giu

export const germanPensionNumberRule = definePersonalRule({
  id: 'german-pension-number',
  kind: 'SOCIAL_INSURANCE',
  title: 'German pension insurance numbers (Sozialversicherungsnummer)',
  needs: /\d/,
  find: (text) =>
    matches(text, CANDIDATE, ([all]) => {
      const plain = all.replace(/[ /]/g, '')
      // The birth date within; days may be raised by 50 where numbers ran out.
      const [day, month] = [Number(plain.slice(2, 4)) % 50, Number(plain.slice(4, 6))]
      const isDate = day >= 1 && day <= 31 && month >= 1 && month <= 12
      return isDate && pensionDigit(plain.slice(0, 11)) === Number(plain[11]) ? 3 : null
    })
})
