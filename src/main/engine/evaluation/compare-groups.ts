import { holm, pairedBootstrap } from './paired.ts'
import { percentileEstimate, resample, wilson, type Estimate, type Measure } from './intervals.ts'

export interface GroupOptions {
  readonly seed: number
  /** A number per row for rows that are not independent (one patient's); intervals and tests then treat them as one unit. */
  readonly units?: Int32Array | null
  /** Whether each value is 0 or 1, so that its mean is a share. */
  readonly isShare: boolean
  readonly resamples?: number
}

/** The mean of one group, and how it differs from that of all other rows. */
export interface GroupComparison {
  readonly rows: number
  readonly value: Estimate | null
  readonly difference: Estimate | null
  /** Corrected by Holm's method for the number of groups; null where there is nothing to compare with. */
  readonly p: number | null
}

/**
 * Compares the mean of `values` [rows] in each of `count` groups with that of the rest; `groupOf` [rows] says which group a row is in. Shares of
 * independent rows have Wilson's interval and Fisher's exact test; all else the bootstrap's, over units where they are given.
 */
export function compareGroups(
  values: Float64Array,
  groupOf: Int32Array,
  count: number,
  { seed, units = null, isShare, resamples = 2000 }: GroupOptions
): GroupComparison[] {
  if (values.length === 0) return []
  const inside = meansOf(values, groupOf, count, (sum, of) => [sum, of])
  const rest = meansOf(values, groupOf, count, (sum, of, all) => [all.sum - sum, all.of - of])
  const [own, others] = resample([inside, rest], { seed, groups: units, resamples })
  if (!own || !others) return []
  const isExact = isShare && units === null
  const found = Array.from({ length: count }, (_, g) => {
    const rows = groupOf.filter((each) => each === g).length
    const hits = values.reduce((sum, value, row) => sum + (groupOf[row] === g ? value : 0), 0)
    const all = values.reduce((sum, value) => sum + value, 0)
    const { difference, p } = pairedBootstrap(own, others, g)
    const bootstrapped = percentileEstimate(own, g)
    const score = isShare ? wilson(Math.round(hits), rows) : null
    const table = [hits, rows - hits, all - hits, values.length - rows - (all - hits)] as const
    return { rows, value: widest(score, bootstrapped, units !== null), difference, p: isExact ? fisherExact(...table) : p }
  })
  return withHolm(found)
}

/** With two groups each is the other's rest: the two tests are one. */
function withHolm<T extends { readonly difference: Estimate | null; readonly p: number }>(
  found: readonly T[]
): (Omit<T, 'p'> & { p: number | null })[] {
  const compared = found.filter(({ difference }) => difference !== null)
  const adjusted = compared.length === 2 ? compared.map(({ p }) => p) : holm(compared.map(({ p }) => p))
  return found.map((each) => {
    const at = compared.indexOf(each)
    return { ...each, p: at < 0 ? null : (adjusted[at] ?? null) }
  })
}

/** The bootstrap alone would shrink to a point where every row of a group is right. */
function widest(score: Estimate | null, bootstrapped: Estimate | null, isClustered: boolean): Estimate | null {
  if (!score || !bootstrapped || !isClustered) return score ?? bootstrapped
  return { value: score.value, low: Math.min(score.low, bootstrapped.low), high: Math.max(score.high, bootstrapped.high) }
}

interface Sums {
  readonly sum: number
  readonly of: number
}

/** A measure that writes one mean for each group; NaN where a resample holds no row for it. */
function meansOf(
  values: Float64Array,
  groupOf: Int32Array,
  count: number,
  pick: (sum: number, of: number, all: Sums) => readonly [number, number]
): Measure {
  const sums = new Float64Array(count)
  const sizes = new Float64Array(count)
  return {
    rows: values.length,
    size: count,
    measure: (weights, out) => {
      sums.fill(0)
      sizes.fill(0)
      let sum = 0
      let of = 0
      for (let row = 0; row < values.length; row++) {
        const weight = weights[row] ?? 0
        const g = groupOf[row] ?? 0
        const weighted = weight * (values[row] ?? 0)
        sums[g] = (sums[g] ?? 0) + weighted
        sizes[g] = (sizes[g] ?? 0) + weight
        sum += weighted
        of += weight
      }
      for (let g = 0; g < count; g++) {
        const [numerator, denominator] = pick(sums[g] ?? 0, sizes[g] ?? 0, { sum, of })
        out[g] = denominator === 0 ? NaN : numerator / denominator
      }
    }
  }
}

/**
 * Fisher's exact test of a 2 × 2 table [[a, b], [c, d]], two-sided: the chance, with the table's sums fixed, of a table that is no more likely than
 * this one (as scipy.stats.fisher_exact).
 */
export function fisherExact(a: number, b: number, c: number, d: number): number {
  const [row, column, total] = [a + b, a + c, a + b + c + d]
  const logs = new Float64Array(total + 1)
  for (let n = 2; n <= total; n++) logs[n] = (logs[n - 1] ?? 0) + Math.log(n)
  const choose = (n: number, k: number): number => (logs[n] ?? 0) - (logs[k] ?? 0) - (logs[n - k] ?? 0)
  const chance = (hits: number): number =>
    Math.exp(choose(column, hits) + choose(total - column, row - hits) - choose(total, row))
  const own = chance(a)
  let p = 0
  for (let hits = Math.max(0, row + column - total); hits <= Math.min(row, column); hits++) {
    const each = chance(hits)
    // Equal chances must count as equal in spite of rounding.
    if (each <= own * (1 + 1e-7)) p += each
  }
  return Math.min(1, p)
}
