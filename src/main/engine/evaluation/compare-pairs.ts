import { SIGNIFICANCE } from '../../base/significance.ts'
import { assert, defined } from '../../base/assert.ts'
import { CLASSIFICATION_KEYS } from './classification.ts'
import { EXACT_METRIC, isLowerBetter, testOf, type DifferenceTest } from './compare.ts'
import { resample, type Estimate } from './intervals.ts'
import { MULTI_LABEL_KEYS } from './multi-label.ts'
import { holm, pairedBootstrap } from './paired.ts'
import { REGRESSION_KEYS } from './regression.ts'
import { measureOf } from './report-data.ts'
import type { EvaluationInput } from './results.ts'

/** Two of several models on the same test rows. */
export interface PairComparison {
  /** Places in the list of models. */
  readonly first: number
  readonly second: number
  /** first − second in the primary metric, on shared resamples; null where the rows do not define it. */
  readonly difference: Estimate | null
  /** The primary metric's test first; corrected by Holm's method for the number of pairs. */
  readonly tests: readonly DifferenceTest[]
  /** What the primary metric's test shows at 5 %, after correction. */
  readonly verdict: 'first' | 'second' | 'neither'
}

export interface PairOptions {
  readonly seed: number
  readonly groups?: Int32Array | null
  readonly resamples?: number
}

const KEYS = { 'single-label': CLASSIFICATION_KEYS, 'multi-label': MULTI_LABEL_KEYS, regression: REGRESSION_KEYS } as const
const PRIMARY = { 'single-label': 'macro_f1', 'multi-label': 'macro_f1', regression: 'mae' } as const

/** Every pair of models that answered the same rows: the difference, and whether it is more than chance. All are of one kind. */
export function comparePairs(
  models: readonly EvaluationInput[],
  { seed, groups = null, resamples }: PairOptions
): { readonly primary: string; readonly pairs: readonly PairComparison[] } {
  const kind = defined(models[0], 'a model to compare').kind
  assert(
    models.every((model) => model.kind === kind),
    'models that are compared answer questions of one kind'
  )
  const primary = PRIMARY[kind]
  const index = KEYS[kind].findIndex((key) => key === primary)
  const metrics = [...new Set([primary, EXACT_METRIC[kind]])]
  const resampled = resample(models.map(measureOf), { seed, groups, ...(resamples !== undefined && { resamples }) })
  const raw = pairsOf(models.length).map(([first, second]) => {
    const [a, b] = [defined(models[first], 'the first'), defined(models[second], 'the second')]
    const boot = pairedBootstrap(defined(resampled[first], 'its resamples'), defined(resampled[second], 'its resamples'), index)
    const bootstrapped = { method: 'paired-bootstrap', p: boot.p } as const
    const tests = metrics.map((metric) => ({ metric, ...(testOf(metric, a, b, seed, groups) ?? bootstrapped) }))
    return { first, second, difference: boot.difference, tests }
  })
  const adjusted = metrics.map((_, t) => holm(raw.map(({ tests }) => tests[t]?.p ?? 1)))
  const pairs = raw.map((pair, at) => {
    const tests = pair.tests.map((test, t) => ({ ...test, adjustedP: adjusted[t]?.[at] ?? 1 }))
    return { ...pair, tests, verdict: verdictOf(primary, pair.difference, tests[0]?.adjustedP ?? 1) }
  })
  return { primary, pairs }
}

/** Pairs whose one test is of the metric that decides: corrected for their number, with what that shows. */
export function decidedPairs(
  metric: string,
  method: DifferenceTest['method'],
  raw: readonly (Pick<PairComparison, 'first' | 'second' | 'difference'> & { readonly p: number })[]
): PairComparison[] {
  const adjusted = holm(raw.map(({ p }) => p))
  return raw.map(({ p, ...pair }, at) => {
    const adjustedP = adjusted[at] ?? 1
    return { ...pair, tests: [{ metric, method, p, adjustedP }], verdict: verdictOf(metric, pair.difference, adjustedP) }
  })
}

const pairsOf = (count: number): (readonly [number, number])[] =>
  Array.from({ length: count }, (_, a) => Array.from({ length: count - a - 1 }, (_, b) => [a, a + b + 1] as const)).flat()

function verdictOf(metric: string, difference: Estimate | null, adjustedP: number): PairComparison['verdict'] {
  if (!difference || adjustedP >= SIGNIFICANCE || difference.value === 0) return 'neither'
  return difference.value > 0 !== isLowerBetter(metric) ? 'first' : 'second'
}
