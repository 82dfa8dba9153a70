import { Random } from '../../base/random.ts'
import type { Estimate } from './intervals.ts'

/** What a share of the training rows achieved on the same validation rows. */
export interface CurvePoint extends Estimate {
  readonly rows: number
}

/** error(n) = floor + scale · (n / rows)^−rate, where `rows` is the largest share. */
export interface PowerLaw {
  readonly rows: number
  readonly floor: number
  readonly scale: number
  readonly rate: number
}

export interface CurveFit {
  readonly law: PowerLaw
  /** The metric with twice the rows of the largest share, and how much better that is than now (never below 0). */
  readonly doubled: Estimate
  readonly gain: Estimate
  /** `more`: twice the rows would likely help. `flat`: they would buy little. `unclear`: neither can be said. */
  readonly verdict: 'more' | 'flat' | 'unclear'
}

/** Rates of decline that are tried: published curves lie between 0.05 and 1 (Hestness et al. 2017). */
const RATES = Array.from({ length: 40 }, (_, i) => 0.05 * 40 ** (i / 39))
const DRAWS = 1000
const FEWEST_POINTS = 3
/** A 95 % interval of a normal distribution spans so many standard errors. */
const SPAN = 2 * 1.96
/** A gain below it is not worth the labelling, and is certain above a quarter of it: two points of a share, 5 % of an error. */
const WORTH = 0.02
const RELATIVE_WORTH = 0.05

/**
 * Fits the inverse power law that learning curves follow (Figueroa et al. 2012, "Predicting sample size required for classification performance";
 * Hestness et al. 2017, arXiv:1712.00409) by least squares weighted with the intervals of the points, and carries it on to twice the rows.
 * Intervals are of 1,000 curves through points drawn anew from their intervals; where the points lie further from the law than these explain,
 * the intervals are widened by the Birge ratio. Null with fewer than three points.
 */
export function fitLearningCurve(points: readonly CurvePoint[], isLess: boolean, seed: number): CurveFit | null {
  if (points.length < FEWEST_POINTS) return null
  const rows = Math.max(...points.map((point) => point.rows))
  const sizes = points.map((point) => point.rows / rows)
  const errors = points.map(({ value }) => (isLess ? value : 1 - value))
  const floor = Math.max(1e-4, (0.005 * errors.reduce((sum, error) => sum + error, 0)) / errors.length)
  const spreads = points.map(({ low, high }) => Math.max(floor, (high - low) / SPAN))
  const best = fitLaw(sizes, errors, spreads)
  const free = points.length - FEWEST_POINTS
  const birge = free > 0 ? Math.max(1, Math.sqrt(best.chi / free)) : 1
  const random = new Random(seed, 'evaluation/learning-curve')
  const drawn = Array.from({ length: DRAWS }, () =>
    fitLaw(
      sizes,
      errors.map((error, i) => error + birge * (spreads[i] ?? 0) * random.normal()),
      spreads
    )
  )
  const gain = estimate(best, drawn, gainOf)
  const ahead = estimate(best, drawn, (law) => (isLess ? errorAt(law, 2) : 1 - errorAt(law, 2)))
  const worth = isLess ? RELATIVE_WORTH * errorAt(best, 1) : WORTH
  const verdict = gain.low > worth / 4 ? 'more' : gain.high < worth ? 'flat' : 'unclear'
  return { law: { rows, floor: best.floor, scale: best.scale, rate: best.rate }, doubled: ahead, gain, verdict }
}

interface Fitted {
  readonly floor: number
  readonly scale: number
  readonly rate: number
  /** Sum of squared distances in standard errors. */
  readonly chi: number
}

const errorAt = ({ floor, scale, rate }: Fitted, size: number): number => floor + scale * size ** -rate
const gainOf = (law: Fitted): number => errorAt(law, 1) - errorAt(law, 2)

function estimate(best: Fitted, drawn: readonly Fitted[], of: (law: Fitted) => number): Estimate {
  const sorted = Float64Array.from(drawn, of).sort()
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN
  const value = of(best)
  return { value, low: Math.min(value, at(0.025)), high: Math.max(value, at(0.975)) }
}

/** The law with the least squares; of each rate, floor and scale are told by linear regression, neither below 0. */
function fitLaw(sizes: readonly number[], errors: readonly number[], spreads: readonly number[]): Fitted {
  let best: Fitted = { floor: 0, scale: 0, rate: 1, chi: Infinity }
  for (const rate of RATES) {
    const fitted = fitLine(
      sizes.map((size) => size ** -rate),
      errors,
      spreads
    )
    if (fitted.chi < best.chi) best = { ...fitted, rate }
  }
  return best
}

function fitLine(xs: readonly number[], ys: readonly number[], spreads: readonly number[]): Omit<Fitted, 'rate'> {
  let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0]
  for (const [i, x] of xs.entries()) {
    const [y, weight] = [ys[i] ?? 0, (spreads[i] ?? 1) ** -2]
    w += weight
    wx += weight * x
    wy += weight * y
    wxx += weight * x * x
    wxy += weight * x * y
  }
  const slope = (w * wxy - wx * wy) / (w * wxx - wx * wx)
  const inner = { scale: slope, floor: (wy - slope * wx) / w }
  const isInside = inner.scale >= 0 && inner.floor >= 0
  const edges = [
    { scale: 0, floor: Math.max(0, wy / w) },
    { scale: Math.max(0, wxy / wxx), floor: 0 }
  ]
  const chiOf = ({ scale, floor }: { scale: number; floor: number }): number =>
    xs.reduce((sum, x, i) => sum + (((ys[i] ?? 0) - floor - scale * x) / (spreads[i] ?? 1)) ** 2, 0)
  const tried = (isInside ? [inner] : edges).map((each) => ({ ...each, chi: chiOf(each) }))
  return tried.reduce((a, b) => (b.chi < a.chi ? b : a))
}
