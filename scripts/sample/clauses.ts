import type { Random } from '../../src/main/base/random.ts'
import { between, chance, pick, sentence, type Words } from './grammar.ts'
import * as life from './lexicon/contracts-life.ts'
import * as risk from './lexicon/contracts-risk.ts'
import type { ClauseKind } from './lexicon/contract-types.ts'
import * as lexicon from './lexicon/contracts-words.ts'

export const clauseKinds = {
  termination: life.termination,
  liability_cap: risk.liability,
  governing_law: life.governingLaw,
  confidentiality: life.confidentiality,
  payment: life.payment,
  assignment: life.assignment,
  indemnity: risk.indemnity,
  warranty: risk.warranty,
  force_majeure: risk.forceMajeure,
  data_protection: risk.dataProtection
} as const satisfies Record<string, ClauseKind>
export type ClauseType = keyof typeof clauseKinds
// Object.keys loses the key type; the record's own keys are exactly ClauseType.
export const clauseTypes = Object.keys(clauseKinds) as ClauseType[]

/** How one document writes: its parties, its verbs of duty, its words for itself and its parts. */
export interface ContractStyle {
  readonly parties: readonly [string, string]
  readonly shall: string
  readonly agreement: string
  readonly clause: string
  readonly under: string
  readonly spelled: boolean
  readonly article: boolean
}

export function drawStyle(random: Random): ContractStyle {
  return {
    parties: pick(random, lexicon.parties),
    shall: pick(random, ['shall', 'shall', 'will', 'must', 'undertakes to']),
    agreement: pick(random, ['Agreement', 'Agreement', 'Contract', 'agreement', 'contract', 'Licence', 'Lease', 'Framework']),
    clause: pick(random, ['clause', 'clause', 'Clause', 'section', 'Section', 'Article', 'paragraph']),
    under: pick(random, ['under', 'under', 'pursuant to', 'in accordance with', 'by virtue of']),
    spelled: chance(random, 0.3),
    article: chance(random, 0.75)
  }
}

const spelledNumbers: Readonly<Record<number, string>> = {
  7: 'seven',
  10: 'ten',
  14: 'fourteen',
  21: 'twenty-one',
  30: 'thirty',
  45: 'forty-five',
  60: 'sixty',
  90: 'ninety'
}

function numbersOf(random: Random, style: ContractStyle): Words {
  const days = () => {
    const count = pick(random, [7, 10, 14, 21, 30, 45, 60, 90])
    return `${style.spelled ? `${spelledNumbers[count] ?? ''} (${count})` : count} [|working |calendar ]days`
  }
  const money = () =>
    `${pick(random, ['EUR', 'GBP', 'USD', 'CHF', '€', '£'])} ${pick(random, [5, 10, 25, 50, 100, 250, 500, 750])},000`
  return {
    days,
    money,
    years: () => `${pick(random, ['two', 'three', 'five', 'six', 'seven', 'ten'])} years`,
    months: () => `${pick(random, ['six', 'twelve', 'eighteen', 'twenty-four', 'thirty-six'])} months`,
    hours: () => `${pick(random, [24, 36, 48, 72])} hours`,
    percent: () => `${between(random, 2, 15)} [%|per cent]`,
    cap: [
      '{money}',
      '[the fees|the price|the charges] paid in the [year|twelve months] before the claim',
      '{percent} of the annual price',
      'the sum covered by its insurance',
      'twice the yearly charges'
    ],
    clause: () => `${style.clause} ${between(random, 2, 24)}${chance(random, 0.5) ? `.${between(random, 1, 9)}` : ''}`
  }
}

/** The words of one clause: who is bound (`{a}`), who benefits (`{b}`), and the document's own way of saying things. */
export function clauseWords(random: Random, style: ContractStyle): Words {
  const [first, second] = chance(random, 0.5) ? style.parties : [style.parties[1], style.parties[0]]
  const named = (party: string) => (style.article ? `the ${party}` : party)
  const isUndertaking = style.shall === 'undertakes to'
  return {
    ...numbersOf(random, style),
    a: named(first),
    b: named(second),
    shall: isUndertaking ? ['shall', 'is to', 'has to'] : style.shall,
    is: ['is', 'is', 'shall be'],
    does: ['does', 'shall'],
    counts: 'counts',
    names: ['names', 'appoints'],
    warrants: ['warrants', 'guarantees', 'represents', 'promises'],
    under: style.under,
    agreement: `[this|this|the] ${style.agreement}`,
    bareAgreement: style.agreement,
    goods: lexicon.goods,
    delivery: lexicon.deliveries,
    orders: lexicon.orders,
    secrets: lexicon.secrets,
    disaster: lexicon.disasters,
    wrong: lexicon.wrongs,
    matter: lexicon.matters,
    country: lexicon.countries,
    city: lexicon.cities,
    currency: lexicon.currencies
  }
}

export function otherType(random: Random, type: ClauseType): ClauseType {
  return pick(
    random,
    clauseTypes.filter((candidate) => candidate !== type)
  )
}

function woven(random: Random, type: ClauseType, words: Words, quoting: number): string {
  const kind = clauseKinds[type]
  const other = clauseKinds[otherType(random, type)]
  if (chance(random, quoting))
    return sentence(random, pick(random, lexicon.rivals), { ...words, core: kind.cores, rival: other.cores })
  const scene: Words = {
    ...words,
    core: kind.cores,
    event: other.events,
    noun: other.nouns,
    noun2: clauseKinds[otherType(random, type)].nouns
  }
  const roll = random.uniform()
  if (roll < 0.55) return sentence(random, pick(random, lexicon.before), scene)
  if (roll < 0.82) return sentence(random, pick(random, lexicon.after), scene)
  return sentence(random, '{core}', scene)
}

/**
 * The sentences of a clause of kind `type`. `clutter` (0 to 1) is how much of other kinds surrounds its core, `quoting` how often it quotes an
 * agreement of another kind beside its own: there the words say little and their place says all.
 */
export function clauseSentences(
  random: Random,
  type: ClauseType,
  style: ContractStyle,
  clutter: number,
  quoting = 0.5
): string[] {
  const words = clauseWords(random, style)
  const lines = [woven(random, type, words, quoting)]
  if (chance(random, 0.3)) lines.push(sentence(random, pick(random, clauseKinds[type].follows), words))
  if (chance(random, 0.15)) lines.push(sentence(random, pick(random, lexicon.neutral), words))
  const asides = (chance(random, clutter) ? 1 : 0) + (chance(random, clutter / 2) ? 1 : 0)
  for (let i = 0; i < asides; i++) {
    const other = clauseKinds[otherType(random, type)]
    const scene: Words = { ...words, event: other.events, noun: other.nouns, noun2: clauseKinds[otherType(random, type)].nouns }
    lines.splice(between(random, 0, lines.length), 0, sentence(random, pick(random, lexicon.asides), scene))
  }
  return lines
}
