import { definePersonalRule, isNear, matches, type Found } from '../define-rule.ts'

/** Seven digits and more in one piece, letters and digits mixed, and both divided by slashes, as registers number people and matters. */
const NUMBER = /(?<![\p{L}\p{N}.,/+€$£-])\d{7,14}(?![\p{L}\p{N}%€]|[.,/-]\d)/gu
const MIXED =
  /(?<![\p{L}\p{N}./-])(?:[A-Z]{1,3}\d{5,10}[A-Z]?|[A-Z]{1,3}-\d{4,10}|[A-Z]{1,3}\/\d{4,8}|[A-Z]{2,3}\/\d{2,4}\/\d{2,6}|\d{4}-[A-Z]\d{2})(?![\p{L}\p{N}]|[/-]\d)/gu

/** Amounts and quantities. */
const UNIT =
  /^\s?(?:euros?|EUR|USD|GBP|dollars?|pounds?|Pfund|units?|IE|IU|Einheiten|copies|Kopien|ml|mg|µg|mcg|cells|Zellen|people|Menschen|rows|Zeilen|bytes)\b/i
const MONEY = /(?:[€$£]|EUR|USD|GBP|CHF)\s?$/

export const bareIdentifierRule = definePersonalRule({
  id: 'bare-identifier',
  kind: 'RECORD',
  title: 'Long numbers and codes without a word that names them',
  needs: /\d/,
  *find(text): Generator<Found, void, undefined> {
    yield* matches(text, NUMBER, ([all], at) =>
      UNIT.test(text.slice(at + all.length, at + all.length + 12)) || isNear(text, at, MONEY) ? null : 1
    )
    yield* matches(text, MIXED, () => 1)
  }
})
