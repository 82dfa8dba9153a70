import { assert } from '../../base/assert.ts'
import { Random } from '../../base/random.ts'
import { twoSidedZ } from '../../base/significance.ts'

/** A measured value with the ends of its 95 % interval (or of the level that was asked for). */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/**
 * One or many numbers computed from the same rows, each row counted `weights[row]` times. Writing the metric over counts lets a resample
 * cost one pass: nothing is copied and nothing is sorted again. NaN marks a number that these rows do not define.
 */
export interface Measure {
  readonly rows: number
  readonly size: number
  readonly measure: (weights: Int32Array, out: Float64Array) => void
}

export interface ResampleOptions {
  readonly seed: number
  /** Default 1000. */
  readonly resamples?: number
  /** Share of resamples inside the interval; default 0.95. */
  readonly level?: number
  /** A group number per row, each in [0, number of groups). Whole groups are drawn (cluster bootstrap), as a patient's rows are not independent. */
  readonly groups?: Int32Array | null
}

/** Values on the rows as they are, and on every resample; both are shared by intervals and paired tests. */
export interface Resampled {
  readonly size: number
  readonly resamples: number
  readonly level: number
  /** [size] */
  readonly values: Float64Array
  /** [resamples, size] */
  readonly samples: Float64Array
}

const DEFAULT_RESAMPLES = 1000
const DEFAULT_LEVEL = 0.95

/** Every row once: the weights of the test set itself. */
export function onceEach(rows: number): Int32Array {
  return new Int32Array(rows).fill(1)
}

/** Computes `measure` on the rows as they are. */
export function measureOnce(measure: Measure): Float64Array {
  const out = new Float64Array(measure.size)
  measure.measure(onceEach(measure.rows), out)
  return out
}

/** A record of one value per key, made from the key's place. */
export function keyed<K extends string, V>(keys: readonly K[], make: (index: number) => V): Record<K, V> {
  // Object.fromEntries forgets the key type; every key is set here.
  return Object.fromEntries(keys.map((key, index) => [key, make(index)])) as Record<K, V>
}

/** Numbers `names` from 0 in order of first appearance; null when there is no group column. */
export function numberGroups(names: readonly string[] | null | undefined): Int32Array | null {
  if (!names) return null
  const numbers = new Map<string, number>()
  return Int32Array.from(names, (name) => {
    const number = numbers.get(name) ?? numbers.size
    numbers.set(name, number)
    return number
  })
}

function groupCount(groups: Int32Array): number {
  let count = 0
  for (const group of groups) count = Math.max(count, group + 1)
  return count
}

/** Returns a function that overwrites `weights` with the counts of one draw with replacement, of rows or of whole groups. */
function drawer(rows: number, random: Random, groups: Int32Array | null | undefined): (weights: Int32Array) => void {
  const units = groups ? groupCount(groups) : rows
  const drawn = new Int32Array(units)
  const draw = (into: Int32Array): void => {
    into.fill(0)
    for (let i = 0; i < units; i++) {
      const unit = Math.floor(random.uniform() * units)
      into[unit] = (into[unit] ?? 0) + 1
    }
  }
  if (!groups) return draw
  return (weights) => {
    draw(drawn)
    for (let row = 0; row < rows; row++) weights[row] = drawn[groups[row] ?? 0] ?? 0
  }
}

/**
 * Bootstrap resamples of several measures over the same rows (Efron & Tibshirani 1993). Every measure sees the same draws, so the
 * differences between two of them are paired.
 */
export function resample(measures: readonly Measure[], options: ResampleOptions): Resampled[] {
  const { seed, resamples = DEFAULT_RESAMPLES, level = DEFAULT_LEVEL, groups } = options
  const rows = measures[0]?.rows ?? 0
  assert(rows > 0 && measures.every((each) => each.rows === rows), 'measures of one resampling cover the same rows, at least one')
  assert(!groups || groups.length === rows, 'there is one group number per row')
  const results = measures.map((each) => ({
    size: each.size,
    resamples,
    level,
    values: measureOnce(each),
    samples: new Float64Array(resamples * each.size)
  }))
  const draw = drawer(rows, new Random(seed, 'evaluation/bootstrap'), groups)
  const weights = new Int32Array(rows)
  for (let i = 0; i < resamples; i++) {
    draw(weights)
    measures.forEach((each, m) => {
      each.measure(weights, results[m]?.samples.subarray(i * each.size, (i + 1) * each.size) ?? new Float64Array())
    })
  }
  return results
}

/** Linear-interpolated quantile of ascending values (numpy's default). */
export function quantile(ascending: Float64Array, share: number): number {
  const at = share * (ascending.length - 1)
  const below = Math.floor(at)
  const low = ascending[below] ?? NaN
  const high = ascending[Math.min(below + 1, ascending.length - 1)] ?? NaN
  return low + (high - low) * (at - below)
}

/** Values of one number over the resamples that define it, ascending. */
export function definedSamples({ samples, size, resamples }: Resampled, index: number): Float64Array {
  const column = new Float64Array(resamples)
  let count = 0
  for (let i = 0; i < resamples; i++) {
    const value = samples[i * size + index] ?? NaN
    if (!Number.isNaN(value)) column[count++] = value
  }
  return column.subarray(0, count).sort()
}

/** The percentile interval of one number, or null when the rows do not define it. Resamples that lack a needed class are left out. */
export function percentileEstimate(resampled: Resampled, index: number): Estimate | null {
  const value = resampled.values[index] ?? NaN
  if (Number.isNaN(value)) return null
  const samples = definedSamples(resampled, index)
  if (samples.length === 0) return { value, low: value, high: value }
  const tail = (1 - resampled.level) / 2
  return { value, low: quantile(samples, tail), high: quantile(samples, 1 - tail) }
}

/** Percentile bootstrap intervals of every number of `measure`; null where the rows do not define it. */
export function bootstrap(measure: Measure, options: ResampleOptions): (Estimate | null)[] {
  return resample([measure], options).flatMap((resampled) =>
    Array.from({ length: measure.size }, (_, index) => percentileEstimate(resampled, index))
  )
}

/**
 * Wilson's score interval of a proportion (Wilson 1927). Unlike the bootstrap it does not collapse to a point when everything, or nothing,
 * is right. Null when there are no trials.
 */
export function wilson(successes: number, trials: number, level = DEFAULT_LEVEL): Estimate | null {
  if (trials === 0) return null
  const z = twoSidedZ(level)
  const value = successes / trials
  const centre = (successes + (z * z) / 2) / (trials + z * z)
  const half = (z / (trials + z * z)) * Math.sqrt((successes * (trials - successes)) / trials + (z * z) / 4)
  return {
    value,
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half)
  }
}
