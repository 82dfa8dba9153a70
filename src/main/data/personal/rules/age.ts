import { definePersonalRule, matches } from '../define-rule.ts'

/** Above 89 an age names a person nearly as a date of birth does (45 CFR 164.514(b)(2)(i)(C)). */
const OLD = '(?:9\\d|1[01]\\d|120)'
const AGES = new RegExp(
  [
    `(?<=\\b(?:aged?|age\\s*(?::|of|is)|alter\\s*(?::|von)?|im\\s+alter\\s+von)\\s{0,2})${OLD}(?!\\d|[.,]\\d|\\s?%)`,
    `(?<![\\d.,])${OLD}(?=[\\s-]{0,2}(?:years?[\\s-]{1,2}old|year-old|yrs?\\.?\\s?old|y/?o\\b|jährig|jaehrig|-jährig|jahre\\s+alt|lebensjahr))`,
    `(?<=\\()${OLD}(?=\\s?(?:years?|y|jahre|j\\.)?\\))`
  ].join('|'),
  'giu'
)

export const ageRule = definePersonalRule({
  id: 'age',
  kind: 'AGE',
  title: 'Ages over 89',
  needs: /9\d|1[012]\d/,
  find: (text) => matches(text, AGES, ([all], at) => (text[at - 1] === '(' && text[at + all.length] === ')' ? 1 : 2))
})
