import type { Measured, SettingValue } from '../../../preload/contract/common.ts'

let locale: string | undefined
/** Forgets the formats of the locale before. */
const forget: (() => void)[] = []

/** Numbers and dates are written as this locale does; undefined means the computer's own. */
export function writeFor(next: string | undefined): void {
  locale = next
  for (const each of forget) each()
}

/** Makes each format once: to make one takes longer than to write hundreds of numbers with it. `key`: what tells one from another. */
function once<Format, Key = void>(make: (key: Key) => Format): (key: Key) => Format {
  const made = new Map<Key, Format>()
  forget.push(() => made.clear())
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const format = make(key)
    made.set(key, format)
    return format
  }
}

const whole = once(() => new Intl.NumberFormat(locale))
const fixed = once(
  (digits: number) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })
)
const atMost = once((digits: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }))
const figures = once(() => new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }))
const days = once(() => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' }))
const moments = once(
  () => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
)
const clocks = once(() => new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' }))
const lists = once(() => new Intl.ListFormat(locale, { type: 'conjunction' }))
const languages = once(() => new Intl.DisplayNames(locale, { type: 'language' }))
const plurals = new Intl.PluralRules('en')

/** The English that a computer is set to; British where it is set to none, or names its language in a way that is none (`en-US@posix`). */
export function englishOf(language: string): string {
  try {
    return language.startsWith('en') ? (Intl.getCanonicalLocales(language)[0] ?? 'en-GB') : 'en-GB'
  } catch {
    // A RangeError is how a name that is no language is told.
    return 'en-GB'
  }
}

export const count = (value: number): string => whole().format(value)

/** Parameters of a model: `22.7 M`; exact under 10,000. */
export const about = (value: number): string => (value < 10_000 ? count(value) : `${significant(value / 1e6)} M`)

export const decimal = (value: number, digits = 2): string => fixed(digits).format(value)

/** A loss or a rate: enough figures to see it move, whatever its size. */
export function significant(value: number): string {
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6)) return value.toExponential(1)
  return figures().format(value)
}

/** With the space that main's own sentences have: `85 %`. */
export const percent = (share: number, digits = 0): string => `${decimal(100 * share, digits)}\u00a0%`

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(value) / 3))
  const scaled = value / 1000 ** power
  const shown = atMost(power > 2 && scaled < 100 ? 1 : 0).format(scaled)
  return `${shown} ${UNITS[power] ?? 'B'}`
}

/** `40 s`, `12 min`, `1 h 20 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${count(Math.max(1, Math.round(seconds)))} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${count(minutes)} min`
  const rest = minutes % 60
  return rest === 0 ? `${count(Math.floor(minutes / 60))} h` : `${count(Math.floor(minutes / 60))} h ${count(rest)} min`
}

export const day = (iso: string): string => days().format(new Date(iso))

export const moment = (iso: string): string => moments().format(new Date(iso))

export const clock = (iso: string): string => clocks().format(new Date(iso))

export const list = (names: readonly string[]): string => lists().format(names)

/** `German` for `de`; a name that is no code stays as it is. */
export function languageName(code: string): string {
  if (!/^[a-z]{2,3}(?:-[A-Za-z]{2,8})?$/.test(code)) return code
  try {
    return languages().of(code) ?? code
  } catch {
    // A RangeError is how a code that is none is told.
    return code
  }
}

export const range = ({ low, high }: Measured, digits = 2): string =>
  low === null || high === null ? '' : `${decimal(low, digits)}${low < 0 ? ' to ' : '–'}${decimal(high, digits)}`

export const setting = (value: SettingValue): string =>
  value === null ? '–' : typeof value === 'number' ? plain(value) : String(value)

/** As run.yaml writes it: nothing between thousands. */
const plain = (value: number): string => (value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value))

/** The form of a noun that its number asks for. */
export function plural(value: number, one: string, other: string): string {
  return `${count(value)} ${plurals.select(value) === 'one' ? one : other}`
}
