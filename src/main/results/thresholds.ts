import type { Measured } from '../../preload/contract/common.ts'
import type { FixedThreshold, PersonPoint, ThresholdChoice, ThresholdPoint, Thresholds } from '../../preload/contract/results.ts'
import {
  alarmsAtMost,
  bestBalance,
  coverageCurve,
  decide,
  findingAtLeast,
  keepingRight,
  operatingCurve,
  pointAt,
  rightAtLeast,
  surenessOf,
  wilson,
  type CoveragePoint,
  type OperatingCurve,
  type OperatingPoint
} from '../engine/evaluation/index.ts'
import { alarmOf, thresholdsOfLabels, type AlarmTest, type FixedAlarm, type FixedDecision } from '../report/fixed-decision.ts'
import type { StoredPredictions } from '../report/predictions.ts'
import { thresholdGoals as goals } from '../report/review-words.ts'

/** Points that a curve is drawn with at most. */
const MOST_POINTS = 200

const measured = (hits: number, of: number): Measured | null => wilson(hits, of)

const shown = ({ threshold, alarms, hits }: OperatingPoint, positives: number): ThresholdPoint => ({
  threshold,
  alarms,
  hits,
  recall: measured(hits, positives),
  precision: measured(hits, alarms)
})

/** One class against the rest. */
export interface OneClass {
  readonly label: number
  readonly probability: Float64Array
  readonly isPositive: (row: number) => boolean
}

export function oneClass({ classNames, truth, answers, lines, kind }: StoredPredictions, className: string): OneClass {
  const label = classNames.indexOf(className)
  const width = classNames.length
  const probability = Float64Array.from(lines, (_, row) => answers[row * width + label] ?? 0)
  const isPositive =
    kind === 'multi-label' ? (row: number) => truth[row * width + label] === 1 : (row: number) => truth[row] === label
  return { label, probability, isPositive }
}

/** The class that a threshold is about: the one asked for, the one that must not be missed, or the rarest. */
export function classFor(stored: StoredPredictions, wanted: string | null, mustNotMiss: string | null): string {
  const { classNames } = stored
  const named = [wanted, mustNotMiss].find((name) => name !== null && classNames.includes(name))
  if (named) return named
  const rows = classNames.map((name) => positivesOf(stored, name))
  const present = rows.filter((count) => count > 0)
  return classNames[rows.indexOf(Math.min(...present))] ?? classNames[0] ?? ''
}

/** Rows of a class. */
function positivesOf(stored: StoredPredictions, className: string): number {
  const { isPositive } = oneClass(stored, className)
  return stored.lines.reduce((sum, _, row) => sum + (isPositive(row) ? 1 : 0), 0)
}

/** What the Threshold tab shows, from validation alone. */
export function thresholdsOf(
  validation: StoredPredictions,
  className: string,
  decision: FixedDecision,
  testLooks: number
): Thresholds {
  const { classNames } = validation
  const { probability, isPositive } = oneClass(validation, className)
  const curve = operatingCurve(probability, isPositive)
  const { rows, positives } = curve
  const choices = choicesOf(curve)
  return {
    className,
    classes: classNames,
    rows,
    positives,
    curve: thinned(
      curve.points,
      choices.map(({ point }) => point.threshold),
      ({ threshold }) => threshold
    ).map((point) => shown(point, positives)),
    choices,
    without: shown(withoutDecision(validation, className), positives),
    fixed: fixedOf(validation.kind === 'multi-label' ? labelOf(decision, className) : decision.alarm),
    person: validation.kind === 'multi-label' ? null : personOf(validation, decision),
    labels: validation.kind === 'multi-label' ? labelsOf(validation, decision) : null,
    testLooks
  }
}

const labelOf = ({ labels }: FixedDecision, className: string): FixedAlarm | null =>
  labels.find((each) => each.className === className) ?? null

/** What is called out where nobody fixed anything: where the class is the most probable one, or from the threshold that validation taught. */
function withoutDecision(validation: StoredPredictions, className: string): OperatingPoint {
  const { label, probability, isPositive } = oneClass(validation, className)
  if (validation.kind === 'multi-label') return pointAt(probability, isPositive, validation.thresholds?.[label] ?? 0.5)
  const said = decide(Float64Array.from(validation.answers), validation.classNames.length, null)
  const called = [...said.keys()].filter((row) => said[row] === label)
  return { threshold: 0, alarms: called.length, hits: called.filter(isPositive).length }
}

/** The threshold of each class as it is used now, with what it comes to on validation. */
function labelsOf(validation: StoredPredictions, decision: FixedDecision): NonNullable<Thresholds['labels']> {
  const thresholds = thresholdsOfLabels(decision, validation.classNames, validation.thresholds)
  return validation.classNames.map((className, place) => {
    const { probability, isPositive } = oneClass(validation, className)
    const positives = positivesOf(validation, className)
    const point = shown(pointAt(probability, isPositive, thresholds[place] ?? 0.5), positives)
    return { className, positives, point, goal: labelOf(decision, className)?.goal ?? null }
  })
}

/** The point that a choice means for each class, from validation alone; classes for which it means none are left out. */
export function pointsForEvery(
  validation: StoredPredictions,
  choice: string
): readonly { readonly className: string; readonly threshold: number; readonly goal: string }[] {
  return validation.classNames.flatMap((className) => {
    const { probability, isPositive } = oneClass(validation, className)
    const found = choicesOf(operatingCurve(probability, isPositive)).find(({ id }) => id === choice)
    return found ? [{ className, threshold: found.point.threshold, goal: found.goal }] : []
  })
}

function choicesOf(curve: OperatingCurve): readonly ThresholdChoice[] {
  const wished: readonly (readonly [string, string, OperatingPoint | null])[] = [
    ['balance', goals.balance, bestBalance(curve)],
    ['miss-10', goals.missAtMost(10), findingAtLeast(curve, 9 / 10)],
    ['miss-20', goals.missAtMost(20), findingAtLeast(curve, 19 / 20)],
    ['miss-none', goals.missNone, findingAtLeast(curve, 1)],
    ['right-80', goals.alarmsRight(80), rightAtLeast(curve, 0.8)],
    ['right-90', goals.alarmsRight(90), rightAtLeast(curve, 0.9)],
    ['alarms-5', goals.alarmsAtMost(5), alarmsAtMost(curve, 0.05)],
    ['alarms-10', goals.alarmsAtMost(10), alarmsAtMost(curve, 0.1)],
    ['alarms-20', goals.alarmsAtMost(20), alarmsAtMost(curve, 0.2)]
  ]
  return wished.flatMap(([id, goal, point]) =>
    point === null || point.alarms === 0 ? [] : [{ id, goal, point: shown(point, curve.positives) }]
  )
}

/** At most `MOST_POINTS` of the points, evenly spaced, with those whose keys are named among them. */
function thinned<T>(points: readonly T[], keep: readonly number[], keyOf: (point: T) => number): readonly T[] {
  if (points.length <= MOST_POINTS) return points
  const step = (points.length - 1) / (MOST_POINTS - 1)
  const places = new Set(Array.from({ length: MOST_POINTS }, (_, i) => Math.round(i * step)))
  return points.filter((point, place) => places.has(place) || keep.includes(keyOf(point)))
}

/** What a threshold comes to on the test rows. */
export function testOfAlarm(test: StoredPredictions, className: string, threshold: number): AlarmTest {
  const { probability, isPositive } = oneClass(test, className)
  const { alarms, hits } = pointAt(probability, isPositive, threshold)
  return { rows: test.lines.length, positives: positivesOf(test, className), alarms, hits }
}

function fixedOf(alarm: FixedAlarm | null): FixedThreshold | null {
  if (alarm === null) return null
  const { className, threshold, goal, fixedAt, test } = alarm
  const { rows, positives, alarms, hits } = test
  return { className, threshold, goal, fixedAt, test: { rows, positives, point: shown({ threshold, alarms, hits }, positives) } }
}

function personOf(validation: StoredPredictions, decision: FixedDecision): NonNullable<Thresholds['person']> {
  const { classNames, truth, answers } = validation
  const probabilities = Float64Array.from(answers)
  const said = decide(probabilities, classNames.length, alarmOf(decision, classNames))
  const sureness = surenessOf(probabilities, classNames.length)
  const isRight = (row: number): boolean => said[row] === truth[row]
  const curve = coverageCurve(sureness, isRight)
  const rows = truth.length
  const point = ({ below, kept, right }: CoveragePoint): PersonPoint => ({
    below,
    kept,
    coverage: rows === 0 ? 0 : kept / rows,
    accuracy: measured(right, kept)
  })
  const wished = ([90, 95, 99] as const).flatMap((share) => {
    const found = keepingRight(curve, share / 100)
    return found === null ? [] : [{ id: `right-${share}`, goal: goals.rightAtLeast(share), point: point(found) }]
  })
  const kept = wished.map((choice) => choice.point.below)
  const { person } = decision
  const at = person && pointAt(sureness, isRight, person.below)
  return {
    curve: thinned(curve, kept, ({ below }) => below).map(point),
    choices: wished,
    fixed: at && point({ below: at.threshold, kept: at.alarms, right: at.hits })
  }
}
