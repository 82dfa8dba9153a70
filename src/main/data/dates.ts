import { InputError } from '../base/errors.ts'
import { shown } from '../base/wording.ts'
import type { Collected } from './collect.ts'
import type { DatasetSpec } from './dataset-types.ts'
import { orderIn, readDate, type DateOrder } from './personal/dates.ts'

/** A day, and the time of it where one is written: `2024-03-01T09:30:00Z`, `01.03.2024 09:30`. */
const WITH_TIME = /^(.+?)(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/
const MONTH_ALONE = /^(\d{4})-(\d{2})$/
const YEAR_ALONE = /^\d{4}$/
const MINUTE = 60_000

/** Milliseconds since 1970 of a date as people write it, with or without a time of day; NaN where it is none. A month or a year counts from its first day. */
export function timeOf(cell: string, order: DateOrder): number {
  const text = cell.trim()
  if (YEAR_ALONE.test(text)) return Date.UTC(Number(text), 0, 1)
  const month = MONTH_ALONE.exec(text)
  if (month) return Number(month[2]) >= 1 && Number(month[2]) <= 12 ? Date.UTC(Number(month[1]), Number(month[2]) - 1, 1) : NaN
  const [, day = '', hours, minutes, seconds, zone] = WITH_TIME.exec(text) ?? []
  const date = readDate(day.trim(), order)
  if (date?.year == null) return NaN
  const [h, m, s] = [Number(hours ?? 0), Number(minutes ?? 0), Number(seconds ?? 0)]
  if (h > 23 || m > 59 || s > 60) return NaN
  return Date.UTC(date.year, date.month - 1, date.day ?? 1, h, m, s) - MINUTE * offsetOf(zone)
}

/** Minutes east of Greenwich. */
function offsetOf(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0
  const digits = zone.slice(1).replace(':', '')
  const minutes = 60 * Number(digits.slice(0, 2)) + Number(digits.slice(2))
  return zone.startsWith('-') ? -minutes : minutes
}

const SLASHES = /^\s*\d{1,2}\/\d{1,2}\/\d{2,4}/

/**
 * The date of each row as the column `split_date` says, in milliseconds since 1970; NaN where its cell is empty. Whether 3/4/2024 is in March or in
 * April is told by the whole column. Throws an InputError naming the first line whose cell is no date, and for a column that leaves the order open.
 */
export function encodeDates(spec: DatasetSpec, data: Collected): Float64Array | null {
  if (data.dates === null) return null
  const slashed = data.dates.filter((cell) => SLASHES.test(cell))
  const order = orderIn(slashed.map((cell) => cell.split(/[\sT]/)[0] ?? '').join(' '))
  const column = shown(spec.split_date ?? '')
  if (order === 'day-first' && slashed.length > 0 && slashed.every(isAmbiguous)) {
    const message = `The dates of the column ${column} can be read in two ways: ${shown(slashed[0] ?? '')} may name the day or the month first. Write them as 2024-03-31.`
    throw new InputError('data_split_date', message, { key: 'split_date', column: spec.split_date ?? '' })
  }
  return Float64Array.from(data.dates, (cell, row) => {
    if (cell.trim() === '') return NaN
    const time = timeOf(cell, order)
    if (!Number.isNaN(time)) return time
    const { path = '', name = '' } = data.files[data.fileOf[row] ?? 0] ?? {}
    const line = data.lines[row] ?? 0
    const message = `${shown(cell)} at line ${line} of ${name} is no date. The column ${column} may hold dates such as 2024-03-31, or nothing.`
    throw new InputError('data_split_date', message, { file: path, line, column: spec.split_date ?? '' })
  })
}

const isAmbiguous = (cell: string): boolean => {
  const [first = '', second = ''] = cell.trim().split('/')
  return Number(first) <= 12 && Number(second) <= 12 && first !== second
}
