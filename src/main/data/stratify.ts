import type { Random } from '../base/random.ts'
import { atOnce, type Turns } from '../base/turns.ts'
import type { Dataset } from './dataset-types.ts'
import type { Unit } from './units.ts'

/** Strata of every row: the classes it has, the types of its marks, whether its question (by number) has an answer, or the quantile bin of its target. Row r has `ids[starts[r] … starts[r + 1])`. */
export interface Strata {
  readonly count: number
  /** Whether a part without some stratum is worth a warning (classes) or not (bins of a number). */
  readonly areClasses: boolean
  readonly ids: Int32Array
  readonly starts: Int32Array
}

const QUANTILE_BINS = 10
const LEAST_ROWS_PER_BIN = 10

function oneEach(ids: Int32Array, count: number, areClasses: boolean): Strata {
  return { count, areClasses, ids, starts: Int32Array.from({ length: ids.length + 1 }, (_, row) => row) }
}

/** The number of interior quantiles of `values` that each value lies above; equal values share a bin. */
function quantileBins(values: Float64Array): Strata {
  const bins = Math.max(1, Math.min(QUANTILE_BINS, Math.floor(values.length / LEAST_ROWS_PER_BIN)))
  const sorted = Float64Array.from(values).sort()
  const edges = Array.from({ length: bins - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)] ?? 0)
  const ids = Int32Array.from(values, (value) => edges.filter((edge) => edge <= value).length)
  return oneEach(ids, bins, false)
}

/** Rows with an answer, by their question where questions are numbered. */
function answeredStrata({ values, kinds }: Extract<Dataset['labels'], { kind: 'answers' }>, rows: number, width: number): Strata {
  const ids: number[] = []
  const starts = new Int32Array(rows + 1)
  for (const [row, answers] of values.entries()) {
    if (answers.length > 0) ids.push(kinds?.[row] ?? 0)
    starts[row + 1] = ids.length
  }
  return { count: Math.max(1, width), areClasses: kinds !== null, ids: Int32Array.from(ids), starts }
}

export function strataOf({ labels, classNames, count }: Dataset): Strata {
  if (labels.kind === 'class') return oneEach(labels.values, classNames.length, true)
  if (labels.kind === 'target') return quantileBins(labels.values)
  if (labels.kind === 'none') return oneEach(new Int32Array(count), 1, false)
  if (labels.kind === 'answers') return answeredStrata(labels, count, classNames.length)
  const width = classNames.length
  const ids: number[] = []
  const starts = new Int32Array(count + 1)
  if (labels.kind === 'spans') {
    const idOf = new Map(classNames.map((name, id) => [name, id]))
    for (const [row, spans] of labels.values.entries()) {
      ids.push(...new Set(spans.map(({ label }) => idOf.get(label) ?? 0)))
      starts[row + 1] = ids.length
    }
    return { count: width, areClasses: true, ids: Int32Array.from(ids), starts }
  }
  for (let row = 0; row < count; row++) {
    for (let id = 0; id < width; id++) if (labels.values[row * width + id] === 1) ids.push(id)
    starts[row + 1] = ids.length
  }
  return { count: width, areClasses: true, ids: Int32Array.from(ids), starts }
}

/** How often each stratum occurs in a unit, as pairs of (stratum, rows). */
type Tally = ReadonlyMap<number, number>

function tallyOf({ ids, starts }: Strata, unit: Unit): Tally {
  const tally = new Map<number, number>()
  for (const row of unit) {
    for (let i = starts[row] ?? 0; i < (starts[row + 1] ?? 0); i++) {
      const id = ids[i] ?? 0
      tally.set(id, (tally.get(id) ?? 0) + 1)
    }
  }
  return tally
}

/** What the assignment keeps track of. Parts are the splits or folds; `wanted` is what each still lacks of its share. */
interface Progress {
  readonly part: Int32Array
  readonly wantedRows: number[]
  /** [parts][strata] */
  readonly wanted: readonly Float64Array[]
  /** Units of each stratum in each part, [parts][strata]. */
  readonly held: readonly Int32Array[]
}

function place(progress: Progress, units: readonly Unit[], tallies: readonly Tally[], unit: number, part: number): void {
  progress.part[unit] = part
  progress.wantedRows[part] = (progress.wantedRows[part] ?? 0) - (units[unit]?.length ?? 0)
  const wanted = progress.wanted[part]
  const held = progress.held[part]
  for (const [id, rows] of tallies[unit] ?? []) {
    if (wanted) wanted[id] = (wanted[id] ?? 0) - rows
    if (held) held[id] = (held[id] ?? 0) + 1
  }
}

/** Of `parts`, the one that wants most of stratum `id` (`null`: rows); then most rows; then a draw. */
function neediest(progress: Progress, parts: readonly number[], id: number | null, random: Random): number {
  let best: number[] = []
  let most: readonly [number, number] = [-Infinity, -Infinity]
  for (const part of parts) {
    const rows = progress.wantedRows[part] ?? 0
    const first = id === null ? rows : (progress.wanted[part]?.[id] ?? 0)
    // Shares are sums of fractions: equal ones may differ in the last bits.
    const difference = Math.abs(first - most[0]) > 1e-9 ? first - most[0] : rows - most[1]
    if (difference > 1e-9) {
      best = [part]
      most = [first, rows]
    } else if (difference > -1e-9) best.push(part)
  }
  return best[best.length > 1 ? random.below(best.length) : 0] ?? parts[0] ?? 0
}

/** The unplaced units of each stratum, largest first and in random order among equals. */
function unitsByStratum(units: readonly Unit[], tallies: readonly Tally[], strata: number, random: Random): number[][] {
  const order = random.shuffle(units.map((_, unit) => unit))
  order.sort((a, b) => (units[b]?.length ?? 0) - (units[a]?.length ?? 0))
  const lists: number[][] = Array.from({ length: strata }, () => [])
  for (const unit of order) for (const id of tallies[unit]?.keys() ?? []) lists[id]?.push(unit)
  return lists
}

/**
 * Assigns units to parts so that every part gets its share of the rows and of every stratum: greedy iterative stratification
 * (Sechidis, Tsoumakas and Vlahavas 2011, "On the stratification of multi-label data"), over units instead of rows. The rarest stratum
 * goes first; a part that would miss a stratum has the first claim on its last units. The same `random` gives the same result.
 *
 * @param shares Fraction of the rows per part, adding up to 1; a part with share 0 gets nothing.
 * @returns The part of each unit, [units].
 */
export const assignUnits = (units: readonly Unit[], strata: Strata, shares: readonly number[], random: Random): Int32Array =>
  atOnce(assigning(units, strata, shares, random))

const UNITS_A_TURN = 1024

/** The same, in turns. */
export function* assigning(units: readonly Unit[], strata: Strata, shares: readonly number[], random: Random): Turns<Int32Array> {
  const tallies: Tally[] = []
  for (const [index, unit] of units.entries()) {
    if (index % UNITS_A_TURN === 0) yield
    tallies.push(tallyOf(strata, unit))
  }
  const totals = new Float64Array(strata.count)
  for (const tally of tallies) for (const [id, rows] of tally) totals[id] = (totals[id] ?? 0) + rows
  const rows = units.reduce((sum, unit) => sum + unit.length, 0)
  const progress: Progress = {
    part: new Int32Array(units.length).fill(-1),
    wantedRows: shares.map((share) => share * rows),
    wanted: shares.map((share) => totals.map((total) => share * total)),
    held: shares.map(() => new Int32Array(strata.count))
  }
  const parts = shares.flatMap((share, part) => (share > 0 ? [part] : []))
  yield
  const lists = unitsByStratum(units, tallies, strata.count, random)
  const open = new Set(lists.keys())
  while (open.size > 0) {
    const id = rarest(lists, open, progress.part)
    open.delete(id)
    const left = (lists[id] ?? []).filter((unit) => progress.part[unit] === -1)
    for (const [done, unit] of left.entries()) {
      if (done % UNITS_A_TURN === 0) yield
      const lacking = parts.filter((part) => progress.held[part]?.[id] === 0)
      const mustServe = lacking.length > 0 && left.length - done <= lacking.length
      place(progress, units, tallies, unit, neediest(progress, mustServe ? lacking : parts, id, random))
    }
  }
  for (const unit of units.keys()) {
    if (progress.part[unit] === -1) place(progress, units, tallies, unit, neediest(progress, parts, null, random))
  }
  return progress.part
}

/** The open stratum with the fewest unplaced units. */
function rarest(lists: readonly (readonly number[])[], open: ReadonlySet<number>, part: Int32Array): number {
  let best = { id: -1, left: Infinity }
  for (const id of open) {
    let left = 0
    for (const unit of lists[id] ?? []) if (part[unit] === -1) left++
    if (left < best.left) best = { id, left }
  }
  return best.id
}
