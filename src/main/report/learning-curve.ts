import type { CurveFit, CurvePoint, Estimate } from '../engine/evaluation/index.ts'
import type { Section } from './blocks.ts'
import { curveWords as words } from './curve-words.ts'
import { metricPhrase, metricTitle } from './metrics.ts'
import { percent, significant, whole } from './numbers.ts'
import { count, list, number, object, oneOf, orNull, text, type Check } from './shape.ts'
import { page } from './words.ts'

/** What shares of the training rows achieved on the same validation rows, and what more rows would likely buy. */
export interface LearningCurve {
  readonly metric: string
  /** The smallest share first. */
  readonly points: readonly CurvePoint[]
  /** Null where the points are too few for a curve. */
  readonly fit: CurveFit | null
}

const estimate = { value: number, low: number, high: number }
const facts = object<LearningCurve>({
  metric: text,
  points: list(object<CurvePoint>({ rows: count, ...estimate })),
  fit: orNull(
    object<CurveFit>({
      law: object<CurveFit['law']>({ rows: count, floor: number, scale: number, rate: number }),
      doubled: object<Estimate>(estimate),
      gain: object<Estimate>(estimate),
      verdict: oneOf('more', 'flat', 'unclear')
    })
  )
})

/** Only runs that were asked for it have one. */
export const checkLearningCurve: Check = (value) => (value === undefined ? null : facts(value))

/** What twice the labels would likely buy, in one sentence. */
export function curveSentence({ metric, points, fit }: LearningCurve): string {
  const last = points.at(-1)
  if (!fit || !last) return words.tooFew
  const { doubled, gain, verdict } = fit
  const numbers = {
    metric: metricPhrase(metric),
    rows: whole(2 * last.rows),
    now: significant(last.value, 2),
    then: significant(doubled.value, 2),
    low: significant(doubled.low, 2),
    high: significant(doubled.high, 2),
    gain: significant(gain.high, 1)
  }
  return words.verdicts[verdict](numbers)
}

/** The points of the curve, what the fit says of twice the rows, and how it was measured. */
export function curveSection(curve: LearningCurve): Section {
  const { metric, points, fit } = curve
  const row = (rows: number, { value, low, high }: Estimate, told: string) => [
    `${whole(rows)}${told}`,
    significant(value, 3),
    `${significant(low, 3)} – ${significant(high, 3)}`
  ]
  const last = points.at(-1)?.rows ?? 0
  return {
    title: words.title,
    blocks: [
      { kind: 'text', text: curveSentence(curve) },
      {
        kind: 'table',
        caption: null,
        columns: [
          { title: words.rows, align: 'right' },
          { title: metricTitle(metric), align: 'right' },
          { title: page.columns.interval(percent(0.95)), align: 'right' }
        ],
        rows: [
          ...points.map((point) => row(point.rows, point, '')),
          ...(fit ? [row(2 * last, fit.doubled, words.estimated)] : [])
        ]
      },
      { kind: 'text', text: words.how, isQuiet: true }
    ]
  }
}
