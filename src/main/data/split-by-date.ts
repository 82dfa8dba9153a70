import { InputError } from '../base/errors.ts'
import { counted } from '../base/wording.ts'
import type { Dataset, Note } from './dataset-types.ts'
import type { Unit } from './units.ts'

/** Units whose newest rows have the same date: they stay in one part. */
interface Moment {
  readonly time: number
  readonly units: number[]
  rows: number
}

/** The newest date among a unit's rows; NaN where none of them has one. */
function newest(dates: Float64Array, unit: Unit): number {
  return unit.reduce((latest, row) => {
    const time = dates[row] ?? NaN
    return Number.isNaN(time) || time < latest ? latest : time
  }, NaN)
}

function momentsOf(
  dates: Float64Array,
  units: readonly Unit[]
): { readonly moments: Moment[]; readonly undated: readonly number[] } {
  const byTime = new Map<number, Moment>()
  const undated: number[] = []
  for (const [index, unit] of units.entries()) {
    const time = newest(dates, unit)
    if (Number.isNaN(time)) {
      undated.push(index)
      continue
    }
    const moment = byTime.get(time) ?? { time, units: [], rows: 0 }
    moment.units.push(index)
    moment.rows += unit.length
    byTime.set(time, moment)
  }
  return { moments: [...byTime.values()].sort((a, b) => a.time - b.time), undated }
}

/**
 * Assigns units to parts by time: the oldest to the first part with a share, the newest to the last. A unit goes with its newest row, so that
 * no part holds a row from the time of a later part; units of one moment stay together; units without a date go to the first part.
 * Throws an InputError where there are fewer different dates than parts.
 *
 * @returns The part of each unit, [units].
 */
export function assignByDate(dates: Float64Array, units: readonly Unit[], shares: readonly number[]): Int32Array {
  const { moments, undated } = momentsOf(dates, units)
  const parts = shares.flatMap((share, part) => (share > 0 ? [part] : []))
  if (moments.length < parts.length) throw tooFewDates(moments.length, parts.length)
  const assigned = new Int32Array(units.length).fill(parts[0] ?? 0)
  const waiting = undated.reduce((sum, unit) => sum + (units[unit]?.length ?? 0), 0)
  const rows = moments.reduce((sum, moment) => sum + moment.rows, waiting)
  const ends = endsOf(
    moments,
    waiting,
    parts.map((part) => (shares[part] ?? 0) * rows)
  )
  let at = 0
  for (const [place, part] of parts.entries())
    for (; at < (ends[place] ?? moments.length); at++) for (const unit of moments[at]?.units ?? []) assigned[unit] = part
  return assigned
}

/** Where each part ends among the moments: nearest to its share, and so that every later part has one. */
function endsOf(moments: readonly Moment[], before: number, wanted: readonly number[]): number[] {
  const ends: number[] = []
  let [at, rows, goal] = [0, before, 0]
  for (const [place, share] of wanted.entries()) {
    goal += share
    const last = moments.length - (wanted.length - 1 - place)
    const first = at
    // One more moment, as long as that comes nearer to what the part shall hold.
    while (at < last) {
      const next = rows + (moments[at]?.rows ?? 0)
      if (at > first && Math.abs(next - goal) > Math.abs(rows - goal)) break
      rows = next
      at++
    }
    ends.push(at)
  }
  ends[ends.length - 1] = moments.length
  return ends
}

function tooFewDates(dates: number, parts: number): InputError {
  const message = `The rows that can be split bear only ${counted(dates, 'different date')}, too few for ${parts} parts that follow each other. Choose another column, or let the rows be drawn.`
  return new InputError('data_split_dates', message, { key: 'split_date' })
}

/** From when to when each part reaches, and what is not known of some rows. */
export function dateNotes(
  { dates }: Pick<Dataset, 'dates'>,
  { train, validation, test }: { readonly train: Int32Array; readonly validation: Int32Array; readonly test: Int32Array }
): Note[] {
  if (dates === null) return []
  const learned = latestOf(dates, train)
  const chosen = Math.max(learned, latestOf(dates, validation))
  const clauses = [`learned from rows up to ${day(learned)}`]
  if (validation.length > 0) clauses.push(`chosen by rows from ${day(firstAfter(dates, validation, learned))} to ${day(chosen)}`)
  if (test.length > 0) clauses.push(`tested on rows from ${day(firstAfter(dates, test, chosen))} on`)
  const notes: Note[] = [{ code: 'split_by_date', message: `The parts follow each other in time: ${clauses.join(', ')}.` }]
  const undated = dates.filter((time) => Number.isNaN(time)).length
  if (undated > 0) {
    const [have, they, are] = undated === 1 ? ['row has', 'it is', 'is'] : ['rows have', 'they are', 'are']
    const message = `${counted(undated, 'row has', have)} no date and ${are} learned from: nobody can tell whether ${they} older than the test.`
    notes.push({ code: 'split_undated', message })
  }
  return notes
}

const day = (time: number): string => (Number.isFinite(time) ? new Date(time).toISOString().slice(0, 10) : 'no date')

function latestOf(dates: Float64Array, rows: Int32Array): number {
  let latest = -Infinity
  for (const row of rows) if ((dates[row] ?? NaN) > latest) latest = dates[row] ?? latest
  return latest
}

/** The first date of a part after those before it: a group that went to it as a whole may reach further back. */
function firstAfter(dates: Float64Array, rows: Int32Array, before: number): number {
  let first = Infinity
  for (const row of rows) {
    const time = dates[row] ?? NaN
    if (time > before && time < first) first = time
  }
  return first
}
