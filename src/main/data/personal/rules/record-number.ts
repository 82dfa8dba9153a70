import { definePersonalRule, type Found } from '../define-rule.ts'
import { labelled } from './labelled.ts'

const VALUE = String.raw`(\d{1,4} [A-Z][A-Za-z]{0,3} \d{1,6}/\d{2,4}|(?=\S{0,20}\d)[\p{L}\p{N}]{1,16}(?:[./-][\p{L}\p{N}]{1,12}){0,5})(?![\p{L}\p{N}])`
const THEN = String.raw`\s{0,2}(?::|=|#|\bis\b|\bist\b|\blautet\b)?\s{0,2}`

/** What is numbered, and that it is a number: "patient no. 12", "Kundennummer: 12". */
const NUMBERED = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:medical\s+record|hospital|patient(?:en)?|case|file|record|client|customer|member(?:ship)?|policy|claim|account|employee|staff|insurance|matter|docket|reference|unit|chart|study|subject|akten?|fall|kunden|mitglieds?|versicherten|versicherungs?|vertrags?|konto|personal|patientenakten?|behandlungs?|studien|beleg)[ -]?(?:id(?:ent(?:ifier)?)?|num(?:ber|mer|\.)|no\.?|nr\.?|#|code)${THEN}${VALUE}`,
  'dgiu'
)

/** What says by itself that a number follows, or does with a colon. */
const NAMED = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:MRN|NHS\s+(?:no\.?|number)|aktenzeichen|az\.|geschäftszeichen|(?:(?:our|your)\s+)?ref\.?|(?:our|your)\s+reference|unser\s+zeichen|ihr\s+zeichen|(?:patient|case|file|record|fall|akte|ref\.?|reference|id)\s?[:#])${THEN}${VALUE}`,
  'dgiu'
)

export const recordNumberRule = definePersonalRule({
  id: 'record-number',
  kind: 'RECORD',
  title: 'Numbers of records, cases and customers',
  needs: /\d/,
  *find(text): Generator<Found, void, undefined> {
    yield* labelled(text, NUMBERED, 2)
    yield* labelled(text, NAMED, 3)
  }
})
