import { defined } from '../../base/assert.ts'
import { SIGNIFICANCE } from '../../base/significance.ts'
import { saidClasses } from './classification.ts'
import { keyed, percentileEstimate } from './intervals.ts'
import type { Estimate, Resampled } from './intervals.ts'
import { predictedLabels } from './multi-label.ts'
import { holm, mcnemarExact, pairedBootstrap, signFlipTest } from './paired.ts'
import type { EvaluationInput } from './results.ts'
import { swapTest } from './swap-test.ts'

/** Another model's answers to the same test rows. */
export interface Baseline {
  readonly id: string
  readonly title: string
  /** Probabilities [rows, classes], or predictions [rows] of a regression. */
  readonly predictions: Float64Array
  /** Multi-label only, [labels]; the model's own thresholds where omitted. */
  readonly thresholds?: Float64Array
}

export type TestMethod = 'mcnemar-exact' | 'sign-flip' | 'randomisation' | 'paired-bootstrap'

/** Whether the model and a baseline differ in one metric by more than chance. */
export interface DifferenceTest<K extends string = string> {
  readonly metric: K
  readonly method: TestMethod
  readonly p: number
  /** Corrected by Holm's method for the number of baselines. */
  readonly adjustedP: number
}

export interface BaselineComparison<K extends string = string> {
  readonly id: string
  readonly title: string
  readonly metrics: Record<K, Estimate | null>
  /** model − baseline, on shared resamples. */
  readonly differences: Record<K, Estimate | null>
  /** The primary metric's test first. */
  readonly tests: readonly DifferenceTest<K>[]
  /** What the primary metric's test shows at 5 %, after correction: the model is better, worse, or neither can be said. */
  readonly verdict: 'better' | 'worse' | 'not shown'
}

const LOWER_IS_BETTER = new Set(['hamming_loss', 'log_loss', 'brier', 'ece', 'mae', 'rmse'])

export function isLowerBetter(metric: string): boolean {
  return LOWER_IS_BETTER.has(metric)
}

/** The same test rows with a baseline's answers in place of the model's. */
export function withPredictions(input: EvaluationInput, { predictions, thresholds }: Baseline): EvaluationInput {
  if (input.kind === 'regression') return { ...input, predictions }
  if (input.kind === 'multi-label') return { ...input, probabilities: predictions, thresholds: thresholds ?? input.thresholds }
  const { labels, classNames } = input
  return { kind: 'single-label', labels, classNames, probabilities: predictions }
}

type Classification = Exclude<EvaluationInput, { kind: 'regression' }>

/** 1 where a row's answer is wholly right. */
function rightRows(input: Classification): Uint8Array {
  if (input.kind === 'single-label') {
    const predicted = saidClasses(input)
    return Uint8Array.from(predicted, (each, row) => (each === input.labels[row] ? 1 : 0))
  }
  const width = input.labelNames.length
  const predicted = predictedLabels(input.probabilities, input.thresholds)
  const right = new Uint8Array(predicted.length / width).fill(1)
  predicted.forEach((each, i) => {
    if (each !== input.labels[i]) right[Math.floor(i / width)] = 0
  })
  return right
}

export interface CompareOptions<K extends string> {
  readonly keys: readonly K[]
  readonly primary: K
  readonly seed: number
  readonly groups?: Int32Array | null
}

/** What was answered, as 0 or 1 per row and class. */
function answersOf(input: Classification): Uint8Array {
  if (input.kind === 'multi-label') return predictedLabels(input.probabilities, input.thresholds)
  return oneHot(saidClasses(input), input.classNames.length)
}

/** [rows, classes]: 1 at each row's class. */
function oneHot(classOf: Int32Array, classes: number): Uint8Array {
  const matrix = new Uint8Array(classOf.length * classes)
  classOf.forEach((c, row) => (matrix[row * classes + c] = 1))
  return matrix
}

function macroF1Test(model: Classification, baseline: Classification, seed: number, groups: Int32Array | null): number {
  const isSingle = model.kind === 'single-label'
  const classes = isSingle ? model.classNames.length : model.labelNames.length
  const labels = isSingle ? oneHot(model.labels, classes) : model.labels
  const [first, second] = [answersOf(model), answersOf(baseline)]
  return swapTest({ labels, first, second, classes, skipAbsent: isSingle }, { seed, groups })
}

/**
 * The test that suits a metric, each with a p-value as fine as the test set allows: McNemar's for shares of right rows, sign flips for absolute
 * errors (and for right rows in groups), swaps for macro-F1; null for the rest, which have the paired bootstrap.
 */
export function testOf(
  metric: string,
  model: EvaluationInput,
  baseline: EvaluationInput,
  seed: number,
  groups: Int32Array | null
) {
  if (model.kind === 'regression' && baseline.kind === 'regression') {
    if (metric !== 'mae') return null
    const error = ({ targets, predictions }: typeof model, row: number): number =>
      Math.abs((targets[row] ?? 0) - (predictions[row] ?? 0))
    const gaps = Float64Array.from(model.targets, (_, row) => error(model, row) - error(baseline, row))
    return { method: 'sign-flip', p: signFlipTest(gaps, { seed, groups }) } as const
  }
  if (model.kind === 'regression' || baseline.kind === 'regression') return null
  if (metric === 'macro_f1') return { method: 'randomisation', p: macroF1Test(model, baseline, seed, groups) } as const
  if (metric !== 'accuracy' && metric !== 'subset_accuracy') return null
  const [first, second] = [rightRows(model), rightRows(baseline)]
  if (!groups) return { method: 'mcnemar-exact', p: mcnemarExact(first, second).p } as const
  const gaps = Float64Array.from(first, (right, row) => right - (second[row] ?? 0))
  return { method: 'sign-flip', p: signFlipTest(gaps, { seed, groups }) } as const
}

/** The metric that has an exact test, besides the primary one. */
export const EXACT_METRIC = { 'single-label': 'accuracy', 'multi-label': 'subset_accuracy', regression: 'mae' } as const

/**
 * Sets each baseline beside the model. `resampled` holds the model first and then the baselines, from one call of `resample`, so that
 * differences are paired; with groups, every test treats a group as one unit.
 */
export function compareWithBaselines<K extends string>(
  input: EvaluationInput,
  baselines: readonly Baseline[],
  resampled: readonly Resampled[],
  { keys, primary, seed, groups = null }: CompareOptions<K>
): BaselineComparison<K>[] {
  const model = defined(resampled[0], 'the model among the resamples')
  const tested = keys.filter((key) => key === primary || key === EXACT_METRIC[input.kind]).sort((a) => (a === primary ? -1 : 1))
  const raw = baselines.map((baseline, b) => {
    const own = defined(resampled[b + 1], 'each baseline among the resamples')
    const answers = withPredictions(input, baseline)
    const paired = keys.map((_, index) => pairedBootstrap(model, own, index))
    const tests = tested.map((metric) => {
      const bootstrapped = { method: 'paired-bootstrap', p: paired[keys.indexOf(metric)]?.p ?? 1 } as const
      return { metric, ...(testOf(metric, input, answers, seed, groups) ?? bootstrapped) }
    })
    return { own, paired, tests }
  })
  const adjusted = tested.map((_, t) => holm(raw.map(({ tests }) => tests[t]?.p ?? 1)))
  return baselines.map(({ id, title }, b) => {
    const { own, paired, tests } = defined(raw[b], 'each baseline')
    const corrected = tests.map((test, t) => ({ ...test, adjustedP: adjusted[t]?.[b] ?? 1 }))
    const differences = keyed(keys, (index) => paired[index]?.difference ?? null)
    const metrics = keyed(keys, (index) => percentileEstimate(own, index))
    return { id, title, metrics, differences, tests: corrected, verdict: verdictOf(primary, differences[primary], corrected[0]) }
  })
}

function verdictOf(
  metric: string,
  difference: Estimate | null,
  test: DifferenceTest | undefined
): 'better' | 'worse' | 'not shown' {
  if (!difference || !test || test.adjustedP >= SIGNIFICANCE || difference.value === 0) return 'not shown'
  return difference.value > 0 !== isLowerBetter(metric) ? 'better' : 'worse'
}
