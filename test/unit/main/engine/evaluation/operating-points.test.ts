import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  alarmsAtMost,
  bestBalance,
  coverageCurve,
  decide,
  findingAtLeast,
  keepingRight,
  operatingCurve,
  pointAt,
  surenessOf
} from '../../../../../src/main/engine/evaluation/index.ts'

const probability = [0.9, 0.8, 0.8, 0.4, 0.1]
const positive = [true, false, true, true, false]
const isPositive = (row: number): boolean => positive[row] === true
const curve = operatingCurve(probability, isPositive)

describe('the operating points of one class', () => {
  test('are all ways in which a threshold parts the rows, midway between neighbours', () => {
    expect(curve.rows).toBe(5)
    expect(curve.positives).toBe(3)
    expect(curve.points.map(({ alarms, hits }) => [alarms, hits])).toEqual([
      [0, 0],
      [1, 1],
      [3, 2],
      [4, 3],
      [5, 3]
    ])
    expect(curve.points.map(({ threshold }) => Number(threshold.toFixed(3)))).toEqual([1, 0.85, 0.6, 0.25, 0])
  })

  test('answer what a person asks for', () => {
    expect(findingAtLeast(curve, 2 / 3)).toMatchObject({ alarms: 3, hits: 2 })
    expect(findingAtLeast(curve, 1)).toMatchObject({ alarms: 4, hits: 3 })
    expect(alarmsAtMost(curve, 0.6)).toMatchObject({ alarms: 3 })
    expect(alarmsAtMost(curve, 0.5)).toMatchObject({ alarms: 1 })
    // F1: 2/4, 4/6, 6/7, 6/8
    expect(bestBalance(curve)).toMatchObject({ alarms: 4, hits: 3 })
  })

  test('promise nothing where the rows hold none of the class', () => {
    const none = operatingCurve(probability, () => false)
    expect(findingAtLeast(none, 0.9)).toBeNull()
    expect(bestBalance(none)).toBeNull()
  })

  test('agree with counting, whatever the probabilities', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.boolean()), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(rows, (drawn) => {
        const p = drawn.map(([value]) => value / 20)
        const holds = (row: number): boolean => drawn[row]![1]
        for (const point of operatingCurve(p, holds).points) expect(pointAt(p, holds, point.threshold)).toEqual(point)
      })
    )
  })
})

describe('leaving unsure answers to a person', () => {
  test('keeps fewer answers and more of them right', () => {
    const points = coverageCurve([0.9, 0.6, 0.5, 0.5], (row) => row !== 2)
    expect(points.map(({ kept, right }) => [kept, right])).toEqual([
      [4, 3],
      [2, 2],
      [1, 1]
    ])
    expect(keepingRight(points, 0.9)).toMatchObject({ kept: 2, right: 2, below: 0.55 })
    expect(keepingRight(points, 0.75)).toMatchObject({ kept: 4 })
  })
})

describe('deciding by a fixed threshold', () => {
  const rows = Float64Array.of(0.7, 0.2, 0.1, 0.35, 0.35, 0.3, 0.1, 0.3, 0.6)

  test('calls out the class from its threshold on, and the most probable of the others below it', () => {
    expect([...decide(rows, 3, null)]).toEqual([0, 0, 2])
    expect([...decide(rows, 3, { label: 1, threshold: 0.3 })]).toEqual([0, 1, 1])
    expect([...decide(rows, 3, { label: 2, threshold: 0.65 })]).toEqual([0, 0, 1])
    expect([...decide(rows, 3, { label: 0, threshold: 0.8 })]).toEqual([1, 1, 2])
  })

  test('takes the highest probability for how sure an answer is', () => {
    expect([...surenessOf(rows, 3)]).toEqual([0.7, 0.35, 0.6])
  })
})
