/** A date as it was read: parts that are not written are null. */
export interface ReadDate {
  readonly day: number | null
  /** 1 to 12. */
  readonly month: number
  readonly year: number | null
  /** Writes another date as this one was written. */
  readonly write: (date: { readonly day: number; readonly month: number; readonly year: number }) => string
}

/** Whether 03/04/2024 is the 3rd of April or the 4th of March. */
export type DateOrder = 'day-first' | 'month-first'

const EN = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December'
]
const EN_SHORT = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DE = ['Januar', 'Februar', 'März', 'April', 'Mai', 'Juni', 'Juli', 'August', 'September', 'Oktober', 'November', 'Dezember']
const DE_SHORT = ['Jan', 'Feb', 'Mrz', 'Apr', 'Mai', 'Jun', 'Jul', 'Aug', 'Sep', 'Okt', 'Nov', 'Dez']

/** Every name of a month with its number. Other spellings are read, and written in the usual one. */
const MONTHS = new Map<string, { readonly month: number; readonly names: readonly string[] }>()
for (const names of [EN, EN_SHORT, DE, DE_SHORT])
  for (const [i, name] of names.entries())
    if (!MONTHS.has(name.toLowerCase())) MONTHS.set(name.toLowerCase(), { month: i + 1, names })
for (const [name, month, names] of [
  ['sept', 9, EN_SHORT],
  ['jänner', 1, DE],
  ['feber', 2, DE],
  ['maerz', 3, DE]
] as const)
  MONTHS.set(name, { month, names })

export const MONTH_NAMES = [...MONTHS.keys()].sort((a, b) => b.length - a.length).join('|')

const two = (n: number): string => String(n).padStart(2, '0')

/** Years of two digits: up to 30 they are of this century. */
const fullYear = (text: string): number => (text.length === 2 ? Number(text) + (Number(text) <= 30 ? 2000 : 1900) : Number(text))

const yearAs = (year: number, like: string): string => (like.length === 2 ? two(year % 100) : String(year))

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Whether there is such a day; without a year the 29th of February is one. */
export function isDay(day: number, month: number, year: number | null): boolean {
  if (month < 1 || month > 12 || day < 1 || day > (DAYS[month - 1] ?? 0)) return false
  const isLeap = year === null || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))
  return month !== 2 || day < 29 || isLeap
}

/** Reads a date in the usual writings of English, German and ISO 8601; null where there is no such day. */
export function readDate(text: string, order: DateOrder = 'day-first'): ReadDate | null {
  const found = iso(text) ?? numeric(text, order) ?? named(text)
  if (!found) return null
  const { day, month, year } = found
  return isDay(day ?? 1, month, year) && (year === null || (year >= 1800 && year <= 2199)) ? found : null
}

function iso(text: string): ReadDate | null {
  const match = /^(\d{4})([-/.]?)(\d{2})\2(\d{2})$/.exec(text)
  if (!match) return null
  const [, year = '', gap = '', month = '', day = ''] = match
  const write: ReadDate['write'] = (date) => `${date.year}${gap}${two(date.month)}${gap}${two(date.day)}`
  return { day: Number(day), month: Number(month), year: Number(year), write }
}

function numeric(text: string, order: DateOrder): ReadDate | null {
  const match = /^(\d{1,2})(\s?[./-]\s?)(\d{1,2})(\s?[./-]\s?)(\d{4}|\d{2})?$/.exec(text)
  if (!match) return null
  const [, first = '', gap = '', second = '', gap2 = '', year] = match
  const isMonthFirst = (gap.trim() !== '.' && order === 'month-first' && Number(first) <= 12) || Number(second) > 12
  const [day, month] = isMonthFirst ? [second, first] : [first, second]
  const write: ReadDate['write'] = (date) => {
    const parts = [like(date.day, day), like(date.month, month)]
    const [a, b] = isMonthFirst ? parts.toReversed() : parts
    return `${a}${gap}${b}${gap2}${year === undefined ? '' : yearAs(date.year, year)}`
  }
  return { day: Number(day), month: Number(month), year: year === undefined ? null : fullYear(year), write }
}

const like = (n: number, sample: string): string =>
  sample.startsWith('0') || (sample.length === 2 && n > 9) ? two(n) : String(n)

const DAY_FIRST = new RegExp(
  `^(?:(\\d{1,2})(\\.?|st|nd|rd|th)(\\s+(?:of\\s+)?|-))?(${MONTH_NAMES})(\\.?,?)(?:(\\s+|-)(\\d{4}|\\d{2}))?$`,
  'iu'
)
const MONTH_FIRST = new RegExp(`^(${MONTH_NAMES})(\\.?\\s+)(\\d{1,2})(st|nd|rd|th)?(?:(,?\\s+)(\\d{4}))?$`, 'iu')

function named(text: string): ReadDate | null {
  const english = MONTH_FIRST.exec(text)
  if (english) {
    const [, name = '', gap = '', day = '', suffix, gap2 = '', year] = english
    const write: ReadDate['write'] = (date) =>
      `${monthLike(name, date.month)}${gap}${date.day}${suffix === undefined ? '' : ordinal(date.day)}${year === undefined ? '' : gap2 + String(date.year)}`
    return { day: Number(day), month: monthOf(name), year: year === undefined ? null : Number(year), write }
  }
  const match = DAY_FIRST.exec(text)
  if (!match) return null
  const [, day, dot = '', gap = '', name = '', after = '', gap2 = '', year] = match
  if (day === undefined && year === undefined) return null
  const mark = (n: number): string => (/[a-z]/i.test(dot) ? ordinal(n) : dot)
  const write: ReadDate['write'] = (date) => {
    const front = day === undefined ? '' : `${like(date.day, day)}${mark(date.day)}${gap}`
    return `${front}${monthLike(name, date.month)}${after}${year === undefined ? '' : gap2 + yearAs(date.year, year)}`
  }
  const asNumber = day === undefined ? null : Number(day)
  return { day: asNumber, month: monthOf(name), year: year === undefined ? null : fullYear(year), write }
}

const monthOf = (name: string): number => MONTHS.get(name.toLowerCase())?.month ?? 0

/** Another month in the language and length of a written one. */
function monthLike(name: string, month: number): string {
  const next = MONTHS.get(name.toLowerCase())?.names[month - 1] ?? name
  return name === name.toUpperCase() ? next.toUpperCase() : next
}

function ordinal(n: number): string {
  if (n >= 11 && n <= 13) return 'th'
  return ['th', 'st', 'nd', 'rd'][n % 10] ?? 'th'
}

/** The date so many days later, as it was written. A day that is not written counts as the 15th, a year as 2023. */
export function shifted({ day, month, year, write }: ReadDate, days: number): string {
  const moved = new Date(Date.UTC(year ?? 2023, month - 1, day ?? 15) + days * 86_400_000)
  return write({ day: moved.getUTCDate(), month: moved.getUTCMonth() + 1, year: moved.getUTCFullYear() })
}

/** How a text writes dates with slashes, by the first one that leaves no doubt. */
export function orderIn(text: string): DateOrder {
  for (const [, first, second] of text.matchAll(/(?<![\d/])(\d{1,2})\/(\d{1,2})\/\d{2,4}(?![\d/])/g)) {
    if (Number(first) > 12) return 'day-first'
    if (Number(second) > 12) return 'month-first'
  }
  return 'day-first'
}
