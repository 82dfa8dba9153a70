import { describe, expect, it } from 'vitest'
import type { EvaluationInput } from '../../../../src/main/engine/evaluation/index.ts'
import { isWithin, lossOf, lossSentence } from '../../../../src/main/worker/lost-metric.ts'

const tolerance = { rounding: 'int8', lost: 0.02, risen: 0.05 } as const

/** `rows` rows of two classes in turn, answered rightly but for the first `wrong`. */
const classes = (rows: number, wrong: number): EvaluationInput => {
  const labels = Int32Array.from({ length: rows }, (_, row) => row % 2)
  const probabilities = Float64Array.from({ length: rows * 2 }, (_, i) => {
    const row = Math.floor(i / 2)
    const said = row < wrong ? 1 - (row % 2) : row % 2
    return i % 2 === said ? 0.9 : 0.1
  })
  return { kind: 'single-label', labels, probabilities, classNames: ['a', 'b'] }
}

const scores = (error: number): EvaluationInput => {
  const targets = Float64Array.from({ length: 40 }, (_, row) => row)
  return { kind: 'regression', targets, predictions: targets.map((value, row) => value + (row % 2 === 0 ? error : -error)) }
}

describe('what an export lost', () => {
  it('is counted in points of macro-F1, with an interval of what the rows can tell', () => {
    const loss = lossOf(classes(100, 0), classes(100, 4), tolerance, null)
    expect(loss).toMatchObject({ metric: 'macro_f1', allowed: 0.02 })
    expect(loss.lost).toBeCloseTo(0.04, 6)
    expect(loss.interval?.[0]).toBeLessThan(0.04)
    expect(loss.interval?.[1]).toBeGreaterThan(0.04)
    expect(isWithin(loss)).toBe(false)
    expect(lossSentence(loss)).toBe('lost 4 points of macro-F1 (2 allowed)')
  })

  it('may be two points, and has no discount on few rows', () => {
    expect(isWithin(lossOf(classes(100, 0), classes(100, 2), tolerance, null))).toBe(true)
    expect(isWithin(lossOf(classes(20, 0), classes(20, 1), tolerance, null))).toBe(false)
  })

  it('is none where the export is better', () => {
    const loss = lossOf(classes(100, 5), classes(100, 3), tolerance, null)
    expect(loss.lost).toBeLessThan(0)
    expect(isWithin(loss)).toBe(true)
  })

  it('of a regression is the rise of the mean absolute error as a share of it', () => {
    const loss = lossOf(scores(2), scores(2.2), tolerance, null)
    expect(loss.metric).toBe('mae')
    expect(loss.lost).toBeCloseTo(0.1, 6)
    expect(isWithin(loss)).toBe(false)
    expect(lossSentence(loss)).toBe('raised the mean absolute error by 10 % (5 allowed)')
    expect(isWithin(lossOf(scores(2), scores(2.1), tolerance, null))).toBe(true)
    expect(isWithin(lossOf(scores(0), scores(0), tolerance, null))).toBe(true)
    expect(isWithin(lossOf(scores(0), scores(0.1), tolerance, null))).toBe(false)
  })

  it('that cannot be measured is not within', () => {
    expect(isWithin({ lost: Number.NaN, allowed: 0.02 })).toBe(false)
  })
})
