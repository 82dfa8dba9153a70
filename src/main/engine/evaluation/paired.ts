import { assert } from '../../base/assert.ts'
import { shareOfFlips, type FlipOptions } from './flips.ts'
import { percentileEstimate } from './intervals.ts'
import type { Estimate, Resampled } from './intervals.ts'

/** A paired bootstrap's answer: first − second, its interval, and how surprising it would be if there were no difference. */
export interface PairedDifference {
  /** Null where the rows do not define the number for both. */
  readonly difference: Estimate | null
  /** Two-sided, in (0, 1]. */
  readonly p: number
}

/** ln n! for n = 0 … `limit`. */
function logFactorials(limit: number): Float64Array {
  const logs = new Float64Array(limit + 1)
  for (let n = 2; n <= limit; n++) logs[n] = (logs[n - 1] ?? 0) + Math.log(n)
  return logs
}

/** Two-sided exact binomial test of `successes` among `trials` fair coin tosses. */
export function fairCoinTest(successes: number, trials: number): number {
  const logs = logFactorials(trials)
  const fewer = Math.min(successes, trials - successes)
  let tail = 0
  for (let i = 0; i <= fewer; i++) {
    tail += Math.exp((logs[trials] ?? 0) - (logs[i] ?? 0) - (logs[trials - i] ?? 0) - trials * Math.LN2)
  }
  return Math.min(1, 2 * tail)
}

/**
 * McNemar's exact test (McNemar 1947; binomial form): of the rows that only one of two models gets right, is the split a fair coin's?
 * `first` and `second` hold 1 where the model is right about the row. For independent rows only; with groups use `signFlipTest`.
 */
export function mcnemarExact(first: Uint8Array, second: Uint8Array): { onlyFirst: number; onlySecond: number; p: number } {
  assert(first.length === second.length, 'both models were judged on the same rows')
  let onlyFirst = 0
  let onlySecond = 0
  for (let row = 0; row < first.length; row++) {
    if (first[row] === second[row]) continue
    if (first[row] === 1) onlyFirst++
    else onlySecond++
  }
  return { onlyFirst, onlySecond, p: fairCoinTest(onlyFirst, onlyFirst + onlySecond) }
}

/**
 * The difference first − second of one number over shared resamples (from one call of `resample`), with the two-sided p-value
 * 2·min(P(d* ≤ 0), P(d* ≥ 0)), each counted with one more resample so that it is never zero (Davison & Hinkley 1997). It is never below
 * 2/(1 + resamples): tests that have a finer one (McNemar, flips, swaps) go before it.
 */
export function pairedBootstrap(first: Resampled, second: Resampled, index: number): PairedDifference {
  const { resamples, level } = first
  assert(resamples === second.resamples, 'both models share their resamples')
  const samples = new Float64Array(resamples)
  let defined = 0
  let atMost = 0
  let atLeast = 0
  for (let i = 0; i < resamples; i++) {
    const gap = (first.samples[i * first.size + index] ?? NaN) - (second.samples[i * second.size + index] ?? NaN)
    samples[i] = gap
    if (Number.isNaN(gap)) continue
    defined++
    if (gap <= 0) atMost++
    if (gap >= 0) atLeast++
  }
  const values = Float64Array.of((first.values[index] ?? NaN) - (second.values[index] ?? NaN))
  const difference = percentileEstimate({ size: 1, resamples, level, values, samples }, 0)
  if (difference === null) return { difference, p: 1 }
  return { difference, p: Math.min(1, (2 * (Math.min(atMost, atLeast) + 1)) / (defined + 1)) }
}

/** Sums `values` by group. */
function groupSums(values: Float64Array, groups: Int32Array | null | undefined): Float64Array {
  if (!groups) return values
  const sums = new Float64Array(groups.reduce((most, each) => Math.max(most, each), 0) + 1)
  values.forEach((value, row) => {
    const group = groups[row] ?? 0
    sums[group] = (sums[group] ?? 0) + value
  })
  return sums
}

/**
 * Paired permutation test: if two models were alike, each row's (or group's) difference would as likely have the other sign. Returns the
 * two-sided p-value of the mean difference: exact for up to 12 units, else (1 + count)/(1 + flips) over seeded random flips.
 */
export function signFlipTest(differences: Float64Array, { seed, flips, groups }: FlipOptions): number {
  const units = groupSums(differences, groups)
  const observed = Math.abs(units.reduce((sum, each) => sum + each, 0))
  // Sums that are equal in exact arithmetic must count as ties.
  const threshold = observed - 1e-12 * units.reduce((sum, each) => sum + Math.abs(each), 0)
  return shareOfFlips(units.length, { seed, flips }, (signs) => {
    let sum = 0
    for (let i = 0; i < units.length; i++) sum += (signs[i] ?? 0) * (units[i] ?? 0)
    return Math.abs(sum) >= threshold
  })
}

/** Holm's step-down correction (Holm 1979): p-values adjusted for their number, in the order given. */
export function holm(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => (p[a] ?? 0) - (p[b] ?? 0))
  const adjusted = new Array<number>(p.length).fill(1)
  let running = 0
  order.forEach((index, step) => {
    running = Math.max(running, Math.min(1, (p[index] ?? 1) * (p.length - step)))
    adjusted[index] = running
  })
  return adjusted
}
