import type { Estimate } from '../engine/evaluation/index.ts'

/** Keeps a number and its unit on one line; the terminal prints it as a space. */
export const NO_BREAK = '\u00a0'

/**
 * Digits after the point that still mean something beside an interval: the first one of its half width, and at least two for a number below 1.
 */
export function decimalsOf({ value, low, high }: Estimate): number {
  const least = Math.abs(value) < 1 ? 2 : 0
  const half = (high - low) / 2
  // An interval without width says nothing of the precision: three significant digits.
  if (!(half > 1e-12)) return value === 0 ? least : Math.min(6, Math.max(least, 2 - Math.floor(Math.log10(Math.abs(value)))))
  return Math.min(8, Math.max(least, -Math.floor(Math.log10(half))))
}

/** `1,234.5`; never `-0`. */
export function decimal(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return 'not a number'
  if (Math.abs(value) >= 1e15) return value.toExponential(2)
  const text = Math.abs(value).toFixed(decimals)
  const [whole = '0', fraction] = text.split('.')
  const sign = value < 0 && Number(text) !== 0 ? '-' : ''
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? `${sign}${grouped}` : `${sign}${grouped}.${fraction}`
}

export function whole(value: number): string {
  return decimal(Math.round(value), 0)
}

/** A number of any size with `digits` significant digits: `0.00042`, `1.1`, `12,300`; the very small as `4.2e-9`. */
export function significant(value: number, digits = 2): string {
  if (value === 0 || !Number.isFinite(value)) return decimal(value, 0)
  const power = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(digits)))))
  if (power < -6) return value.toExponential(digits - 1)
  const rounded = power >= digits ? Math.round(value) : Number(value.toPrecision(digits))
  return decimal(rounded, Math.max(0, digits - 1 - power))
}

/** At most `digits` significant digits, without zeros at the end: `3`, `2.5`. */
export function compact(value: number, digits = 3): string {
  return significant(value, digits)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
}

/** A setting as run.yaml would hold it: `0.0005`, `2e-7`. */
export function settingNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-5 ? value.toExponential().replace('e+', 'e') : String(value)
}

/** `93 %`: whole percents, one decimal below 1 %, and never 100 % for what is not all nor 0 % for what is not nothing. */
export function percent(share: number): string {
  return `${percentNumber(share)}${NO_BREAK}%`
}

/** The number of `percent` alone, for both ends of an interval. */
export function percentNumber(share: number): string {
  const exact = share * 100
  if (exact > 99.5 && exact < 100 - 1e-9) return exact < 99.95 ? exact.toFixed(1) : '>99.9'
  if (exact >= 0.95 || exact < 1e-9) return String(Math.round(exact))
  return exact < 0.05 ? '<0.1' : exact.toFixed(1)
}

/** `87–96`, in percent. */
export function percentRange({ low, high }: Estimate): string {
  return `${percentNumber(low)}–${percentNumber(high)}`
}

/** A metric's point, rounded by how sure it is or to the digits of what it stands beside. */
export function point(estimate: Estimate, decimals = decimalsOf(estimate)): string {
  return decimal(estimate.value, decimals)
}

/** A metric's interval, rounded as its point: `0.75–0.87`; with a negative end `-0.02 to 0.11`. */
export function range({ low, high }: Estimate, decimals: number): string {
  const [from, to] = [decimal(low, decimals), decimal(high, decimals)]
  return from.startsWith('-') ? `${from} to ${to}` : `${from}–${to}`
}

/** `0.81 (0.75–0.87)` */
export function pointAndRange(estimate: Estimate): string {
  const decimals = decimalsOf(estimate)
  return `${point(estimate, decimals)} (${range(estimate, decimals)})`
}

export function signed(value: number, decimals: number): string {
  const text = decimal(value, decimals)
  return value > 0 && !/^[0.,]*$/.test(text) ? `+${text}` : text
}

export function pValue(p: number): string {
  const text = p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(p < 0.1 ? 3 : 2)}`
  return text.replaceAll(' ', NO_BREAK)
}

/** `950 ms`, `8.4 s`, `3 min 20 s`, `2 h 05 min`. */
export function duration(seconds: number): string {
  const total = Math.max(0, seconds)
  if (total < 0.9995) return `${Math.round(total * 1000)}${NO_BREAK}ms`
  if (total < 9.95) return `${total.toFixed(1)}${NO_BREAK}s`
  const rounded = Math.round(total)
  if (rounded < 60) return `${rounded}${NO_BREAK}s`
  const [minutes, rest] = [Math.floor(rounded / 60), rounded % 60]
  if (minutes < 60) return `${minutes}${NO_BREAK}min${rest === 0 ? '' : `${NO_BREAK}${rest}${NO_BREAK}s`}`
  const hours = Math.floor(minutes / 60)
  return `${whole(hours)}${NO_BREAK}h${NO_BREAK}${String(minutes % 60).padStart(2, '0')}${NO_BREAK}min`
}

/** `512 MB`, `1.9 GB`: decimal units, as drives and the run's own settings count. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = Math.max(0, count)
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  const text = unit === 0 || value >= 9.95 ? whole(value) : value.toFixed(1)
  return `${text}${NO_BREAK}${units[unit] ?? 'B'}`
}

/** `22.7 million`, `960 thousand`, `512`. */
export function quantity(count: number): string {
  if (count >= 999_500_000) return `${significant(count / 1e9, 3)}${NO_BREAK}billion`
  if (count >= 999_500) return `${significant(count / 1e6, 3)}${NO_BREAK}million`
  return whole(count)
}
