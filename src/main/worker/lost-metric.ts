import { comparePairs, type EvaluationInput } from '../engine/evaluation/index.ts'
import { metricsOf } from './judge.ts'

/** What a form whose weights are rounded to a few bits may lose. */
export interface MetricTolerance {
  /** What the weights are rounded to. */
  readonly rounding: 'int8' | 'int4'
  /** Points of F1 (0.02 is two points). */
  readonly lost: number
  /** Of a regression, the share by which its mean absolute error may rise. */
  readonly risen: number
}

/** What an export lost in the metric that decides: macro-F1, of passages strict micro-F1, of answers F1 over all questions, or the mean absolute error of a regression. */
export interface MeasuredLoss {
  readonly metric: 'macro_f1' | 'micro_f1' | 'answer_f1' | 'mae'
  /** Positive where the export is worse: points of F1, or the rise of the error as a share of it. It is as measured on these rows: a small test has no discount. */
  readonly lost: number
  readonly allowed: number
  /** 95 % interval of `lost` over resampled rows (paired bootstrap): what these rows can tell; null where they define none. */
  readonly interval: readonly [low: number, high: number] | null
}

const SEED = 1

type Metrics = Readonly<Record<string, number>>

/** Measures it on the same rows before and after. */
export function lossOf(
  before: EvaluationInput,
  after: EvaluationInput,
  { lost, risen }: MetricTolerance,
  groups: Int32Array | null
): MeasuredLoss {
  const metric = before.kind === 'regression' ? 'mae' : 'macro_f1'
  const was = metricsOf(before)
  const difference = comparePairs([before, after], { seed: SEED, groups }).pairs[0]?.difference
  const ends = difference ? ([difference.low, difference.high] as const) : null
  const share = (drop: number): number => -drop / (was['mae'] ?? Number.NaN)
  const interval = metric === 'mae' && ends ? ([share(ends[1]), share(ends[0])] as const) : ends
  return { ...lossBetween(was, metricsOf(after), { metric, allowed: metric === 'mae' ? risen : lost }), interval }
}

/** The same from metrics that were measured elsewhere. */
export function lossBetween(
  before: Metrics,
  after: Metrics,
  { metric, allowed }: Pick<MeasuredLoss, 'metric' | 'allowed'>
): MeasuredLoss {
  const [was, is] = [before[metric] ?? Number.NaN, after[metric] ?? Number.NaN]
  // An error that was none cannot rise by a share of itself.
  const risen = is === was ? 0 : (is - was) / was
  return { metric, lost: metric === 'mae' ? risen : was - is, allowed, interval: null }
}

/** Rounding of the last digits is no loss; NaN is within nothing. */
const LAST_DIGITS = 1e-9

export const isWithin = ({ lost, allowed }: Pick<MeasuredLoss, 'lost' | 'allowed'>): boolean => lost <= allowed + LAST_DIGITS

/** `lost 3.1 points of macro-F1 (2 allowed)` */
export function lossSentence({ metric, lost, allowed }: MeasuredLoss): string {
  const hundredths = (value: number): string => (value * 100).toFixed(1).replace(/\.0$/, '')
  return metric === 'mae'
    ? `raised the mean absolute error by ${hundredths(lost)} % (${hundredths(allowed)} allowed)`
    : `lost ${hundredths(lost)} points of ${F1_NAMES[metric]} (${hundredths(allowed)} allowed)`
}

const F1_NAMES = { macro_f1: 'macro-F1', micro_f1: 'micro-F1', answer_f1: 'F1' } as const
