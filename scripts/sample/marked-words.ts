import type { Random } from '../../src/main/base/random.ts'
import { between, capitalise, chance, pick, weighted } from './grammar.ts'
import * as lexicon from './lexicon/marked-words.ts'
import * as people from './lexicon/people.ts'

/** A surname; half of them are put together, so that a letter's names are seldom met before. */
export function drawSurname(random: Random): string {
  const kind = weighted(random, { listed: 36, made: 40, doubtful: 8, drug: 8, double: 5, particle: 3 })
  const made = (): string => pick(random, lexicon.surnameStarts) + pick(random, lexicon.surnameEnds)
  if (kind === 'listed') return pick(random, people.surnames)
  if (kind === 'made') return made()
  if (kind === 'doubtful') return pick(random, lexicon.doubtfulSurnames)
  if (kind === 'drug') return pick(random, lexicon.nameOrDrug)
  if (kind === 'double') return `${pick(random, people.surnames)}-${made()}`
  return `${pick(random, ["O'", 'van der ', 'de ', 'Al-', 'Mac'])}${made()}`
}

export function drawFirstName(random: Random, sex: 'female' | 'male'): string {
  if (chance(random, 0.08)) return pick(random, lexicon.doubtfulFirstNames)
  return pick(random, sex === 'female' ? people.womenNames : people.menNames)
}

/** A medicine: a common name, one that nobody has heard of yet, or a trade name that is somebody's surname elsewhere. */
export function drawDrug(random: Random): string {
  const kind = weighted(random, { common: 46, made: 38, trade: 16 })
  if (kind === 'common') return pick(random, lexicon.drugs)
  if (kind === 'trade') return pick(random, lexicon.nameOrDrug)
  const middle = chance(random, 0.6) ? pick(random, lexicon.drugMiddles) : ''
  return pick(random, lexicon.drugStarts) + middle + pick(random, lexicon.drugEnds)
}

const amounts = [
  '2.5',
  '5',
  '10',
  '12.5',
  '15',
  '20',
  '25',
  '30',
  '40',
  '50',
  '75',
  '80',
  '100',
  '150',
  '200',
  '250',
  '300',
  '400',
  '500',
  '625',
  '750'
]
const small = ['one', 'two', 'three', 'four']

export function drawDose(random: Random): string {
  const gap = chance(random, 0.7) ? ' ' : ''
  const kind = weighted(random, { mg: 60, micrograms: 10, units: 6, puffs: 7, tablets: 7, gram: 4, ml: 6 })
  if (kind === 'mg') return `${pick(random, amounts)}${gap}mg`
  if (kind === 'micrograms')
    return `${pick(random, ['25', '50', '100', '125', '200', '400'])}${gap || ' '}${pick(random, ['micrograms', 'mcg'])}`
  if (kind === 'units') return `${between(random, 4, 40)} units`
  if (kind === 'puffs') return `${pick(random, small)} puffs`
  if (kind === 'tablets') return chance(random, 0.3) ? 'half a tablet' : `${pick(random, small.slice(1))} tablets`
  if (kind === 'gram') return `${pick(random, ['1', '1.5', '2'])}${gap}g`
  return `${pick(random, ['5', '10', '15', '20'])}${gap}ml`
}

const pad = (value: number): string => String(value).padStart(2, '0')
const ordinal = (day: number): string =>
  `${day}${day % 10 === 1 && day !== 11 ? 'st' : day % 10 === 2 && day !== 12 ? 'nd' : day % 10 === 3 && day !== 13 ? 'rd' : 'th'}`

/** How much of a date is said: day, month and year; at least the day; a month or a year alone; or any of these. */
export type Precision = 'full' | 'day' | 'month' | 'any'

const WHOLE = { dayName: 16, ordinalName: 8, slashes: 14, dots: 8, short: 7, iso: 5 }
const NO_YEAR = { noYear: 14, monthFirst: 10 }
const NO_DAY = { monthYear: 14, year: 12 }
const shares = {
  full: WHOLE,
  day: { ...WHOLE, ...NO_YEAR },
  month: NO_DAY,
  any: { ...WHOLE, ...NO_YEAR, ...NO_DAY }
} satisfies Record<Precision, object>

/** A date in one of many writings. */
export function drawDate(random: Random, from: number, to: number, precision: Precision): string {
  const [day, month, year] = [between(random, 1, 28), between(random, 1, 12), between(random, from, to)]
  const name = people.months[month - 1] ?? ''
  const forms = {
    dayName: `${day} ${name} ${year}`,
    ordinalName: `${ordinal(day)} ${name} ${year}`,
    slashes: `${pad(day)}/${pad(month)}/${year}`,
    dots: `${day}.${month}.${String(year).slice(2)}`,
    short: `${day} ${name.slice(0, 3)} ${String(year).slice(2)}`,
    iso: `${year}-${pad(month)}-${pad(day)}`,
    noYear: `${day} ${name}`,
    monthFirst: `${name} ${ordinal(day)}`,
    monthYear: `${name} ${year}`,
    year: String(year)
  }
  return forms[weighted<keyof typeof forms>(random, shares[precision])]
}

const digits = (random: Random, count: number): string => Array.from({ length: count }, () => String(random.below(10))).join('')

/** A number that names a patient or a letter. Those of ten figures begin with 999, which no patient has. */
export function drawIdentifier(random: Random): string {
  const letter = (): string => String.fromCharCode(65 + random.below(26))
  const forms = [
    () => `999 ${digits(random, 3)} ${digits(random, 4)}`,
    () => `999${digits(random, 7)}`,
    () => `${letter()}${digits(random, 6)}`,
    () => `00${digits(random, 5)}`,
    () => `${letter()}${letter()}/${between(random, 2015, 2024)}/${digits(random, 3)}`,
    () => `${digits(random, 4)}-${letter()}${digits(random, 2)}`,
    () => `${letter()}${letter()}${letter()}${digits(random, 4)}`
  ]
  return pick(random, forms)()
}

export function drawTown(random: Random): string {
  if (chance(random, 0.45)) return pick(random, people.places)
  return pick(random, lexicon.surnameStarts) + pick(random, lexicon.townEnds)
}

/** A place by its name: a town, a street (named after somebody, as often as not), a hospital or a practice. */
export function drawPlace(random: Random, kind = weighted(random, { town: 40, street: 22, hospital: 24, practice: 14 })): string {
  if (kind === 'town') return drawTown(random)
  if (kind === 'street')
    return `${chance(random, 0.6) ? `${between(random, 1, 98)} ` : ''}${chance(random, 0.6) ? drawSurname(random) : drawTown(random)} ${pick(random, lexicon.streetKinds)}`
  if (kind === 'hospital')
    return pick(random, [
      () => `St ${pick(random, lexicon.saints)}'s Hospital`,
      () => `${drawTown(random)} Infirmary`,
      () => `${drawTown(random)} General Hospital`,
      () => `the ${drawSurname(random)} Clinic`
    ])()
  return `${chance(random, 0.5) ? drawTown(random) : drawSurname(random)} ${pick(random, ['Surgery', 'Medical Centre', 'Health Centre', 'Practice'])}`
}

const twoWords = (random: Random): string => pick(random, lexicon.companyStarts) + pick(random, lexicon.companyEnds)

/** A company by its full name, and what it is called for short. */
export function drawCompany(random: Random): { readonly full: string; readonly short: string } {
  const kind = weighted(random, { word: 28, made: 34, family: 22, town: 16 })
  const short = {
    word: () => pick(random, lexicon.companyWords),
    made: () => twoWords(random),
    family: () => drawSurname(random),
    town: () => drawTown(random)
  }[kind]()
  const middle =
    kind === 'family' && chance(random, 0.5)
      ? ` ${pick(random, ['& Sons', 'Brothers', 'and Partners', '& Daughters'])}`
      : ` ${pick(random, lexicon.trades)}`
  const form = chance(random, 0.85) ? ` ${pick(random, lexicon.legalForms)}` : ''
  return { full: `${short}${middle}${form}`, short: capitalise(short) }
}
