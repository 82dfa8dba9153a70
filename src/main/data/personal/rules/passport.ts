import { definePersonalRule } from '../define-rule.ts'
import { labelled } from './labelled.ts'

const LABELLED =
  /\b(?:passport|reisepass|personalausweis|ausweis|identity\s+card|id\s+card|pass|driving\s+licen[cs]e|driver'?s\s+licen[cs]e|f(?:ü|ue)hrerschein)s?[- ]?(?:number|nummer|num\.?|no\.?|nr\.?|#)?\s{0,2}(?:[:=#]|is|lautet|ist)?\s{0,2}((?:[A-Z0-9]{1,3}[ -])?[A-Z0-9]{5,12})(?![\p{L}\p{N}])/dgiu

export const passportRule = definePersonalRule({
  id: 'passport',
  kind: 'PASSPORT',
  title: 'Passports, identity cards and driving licences',
  needs: /\d/,
  find: (text) => labelled(text, LABELLED, 4)
})
