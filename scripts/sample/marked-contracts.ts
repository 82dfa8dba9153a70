import { Random } from '../../src/main/base/random.ts'
import { between, chance, pick, sample, weighted, type Words } from './grammar.ts'
import * as lexicon from './lexicon/marked-contracts.ts'
import { laws } from './lexicon/marked-words.ts'
import type { MarkedRow } from './marked-letters.ts'
import { marked, markedSentence, unmarked } from './marks.ts'
import * as draw from './marked-words.ts'
import { countWords, withSlips } from './writing.ts'

export const contractCount = 200

interface Party {
  readonly full: string
  readonly short: string
}

/** A company, a public body or a person. */
function drawParty(random: Random): Party {
  const kind = weighted(random, { company: 82, body: 8, person: 10 })
  if (kind === 'company') return draw.drawCompany(random)
  if (kind === 'body') {
    const full = `${pick(random, ['the Municipality of', 'the University of', 'the Port Authority of', 'the County of'])} ${draw.drawTown(random)}`
    return { full, short: full }
  }
  const short = draw.drawSurname(random)
  return { full: `${draw.drawFirstName(random, chance(random, 0.5) ? 'female' : 'male')} ${short}`, short }
}

const currencies = ['EUR ', 'GBP ', 'USD ', 'CHF ', '€', '£', '$', 'EUR', 'DKK ', 'NOK ']
const tens = ['ten', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'eighty', 'ninety']

function drawAmount(random: Random): string {
  const thousands = `${pick(random, [1, 2, 4, 5, 8, 12, 18, 25, 36, 48, 75, 120, 250, 480, 750])}`
  const kind = weighted(random, { thousand: 44, cents: 16, small: 12, after: 14, words: 8, million: 6 })
  const currency = pick(random, currencies)
  const hundreds = String(between(random, 0, 9) * 100).padStart(3, '0')
  if (kind === 'thousand') return `${currency}${thousands},${hundreds}`
  if (kind === 'cents') return `${currency}${thousands},${hundreds}.${chance(random, 0.5) ? '00' : '50'}`
  if (kind === 'small') return `${currency}${between(random, 15, 990)}`
  if (kind === 'after')
    return `${thousands},${hundreds} ${pick(random, ['euros', 'pounds sterling', 'US dollars', 'Swiss francs', 'EUR', 'kroner'])}`
  if (kind === 'words') return `${pick(random, tens)} thousand ${pick(random, ['euros', 'pounds', 'dollars', 'francs'])}`
  return `${currency}${between(random, 1, 9)}${chance(random, 0.5) ? '.5' : ''} million`
}

const numerals: readonly (readonly [number, string])[] = [
  [1, 'one'],
  [2, 'two'],
  [3, 'three'],
  [5, 'five'],
  [6, 'six'],
  [9, 'nine'],
  [10, 'ten'],
  [12, 'twelve'],
  [18, 'eighteen'],
  [24, 'twenty-four'],
  [30, 'thirty'],
  [36, 'thirty-six'],
  [60, 'sixty'],
  [90, 'ninety']
]

/** A length of time; whether it is a term or not, the place where it stands decides. */
function drawPeriod(random: Random): string {
  const [count, word] = pick(random, numerals)
  const unit =
    count > 36 ? 'day' : count > 10 ? pick(random, ['month', 'month', 'day']) : pick(random, ['year', 'month', 'month', 'week'])
  const number = pick(random, [String(count), word, `${word} (${count})`])
  return `${number} ${pick(random, ['', '', 'full ', 'calendar '])}${unit}${count === 1 ? '' : 's'}`
}

function contractWords(random: Random, a: Party, b: Party): Words {
  const [roleA, roleB] = pick(random, lexicon.roles)
  const reference = (): string => draw.drawIdentifier(random)
  const number = (): string => String(between(random, 1000, 999_999))
  const kind = pick(random, lexicon.kinds)
  return {
    ...{ roleA, roleB, kind, reference, number },
    a: () => marked('PARTY', a.full),
    b: () => marked('PARTY', b.full),
    shortA: () => (chance(random, 0.75) ? marked('PARTY', a.short) : `the ${roleA}`),
    shortB: () => (chance(random, 0.75) ? marked('PARTY', b.short) : `the ${roleB}`),
    amount: () => marked('AMOUNT', drawAmount(random)),
    term: () => marked('TERM', drawPeriod(random)),
    law: () => marked('LAW', pick(random, laws)),
    period: () => drawPeriod(random),
    days: () => `${pick(random, ['7', '10', '14', '30', 'thirty', '60', 'ten (10)'])} [|working |calendar ]days`,
    hours: () => `${pick(random, ['4', '8', '24', '48'])} hours`,
    quantity: () => pick(random, ['3', '12', '250', '1,200', '5,000', '25,000', '48']),
    percent: () => `${between(random, 2, 12)} [%|per cent]`,
    clause: () => `${between(random, 2, 19)}.${between(random, 1, 9)}`,
    land: () => pick(random, laws),
    town: () => draw.drawTown(random),
    day: () => draw.drawDate(random, 2015, 2024, 'full'),
    outsider: () => drawParty(random).full,
    service: lexicon.services,
    seatA: lexicon.seats,
    seatB: lexicon.seats
  }
}

function composeContract(random: Random, a: Party, b: Party): Pick<MarkedRow, 'text' | 'spans'> {
  const words = contractWords(random, a, b)
  const told = (templates: readonly string[], most: number, least = 1): string[] =>
    sample(random, templates, between(random, least, most)).map((template) => markedSentence(random, template, words))
  const clauses = random.shuffle([
    ...told(lexicon.prices, 3),
    ...told(lexicon.payments, 2),
    ...told(lexicon.termLines, 3),
    ...told(lexicon.lawLines, 1),
    ...told(lexicon.traps, 2)
  ])
  const isNumbered = chance(random, 0.4)
  const lines = [
    ...told(lexicon.titles, 1, 0),
    ...told(lexicon.partiesLines, 1),
    ...told(lexicon.recitals, 2, 0),
    ...clauses.map((clause, i) => (isNumbered ? `${i + 1}. ${clause}` : clause)),
    ...told(lexicon.signatures, 1, 0)
  ]
  const text = lines.join(isNumbered || chance(random, 0.3) ? '\n' : ' ')
  return unmarked(withSlips(random, text, chance(random, 0.25) ? 0.01 : 0))
}

/** 200 contracts, or extracts of some, in some 120 matters: those of one matter have the same parties. */
export function markedContracts(seed: number, count = contractCount): MarkedRow[] {
  const random = new Random(seed, 'marked-contracts')
  const rows: MarkedRow[] = []
  for (let matter = 1; rows.length < count; matter++) {
    const [a, b] = [drawParty(random), drawParty(random)]
    const contracts = Number(weighted(random, { 1: 55, 2: 27, 3: 18 }))
    for (let i = 0; i < contracts && rows.length < count;) {
      const { text, spans } = composeContract(random, a, b)
      if (countWords(text) < 60 || countWords(text) > 190) continue
      i++
      rows.push({ id: '', group: `M${String(matter).padStart(3, '0')}`, text, spans })
    }
  }
  return random.shuffle(rows).map((row, i) => ({ ...row, id: `C${String(i + 1).padStart(3, '0')}` }))
}
