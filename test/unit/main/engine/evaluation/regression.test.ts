import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { measureOnce } from '../../../../../src/main/engine/evaluation/intervals.ts'
import { regressionMeasure, regressionMetrics } from '../../../../../src/main/engine/evaluation/regression.ts'
import cases from '../../../../fixtures/metrics/regression.json' with { type: 'json' }
import { expectNumbers } from './fixtures.ts'

const pairs = fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 }), fc.nat({ max: 3 })), {
  minLength: 2,
  maxLength: 30
})

describe('regression metrics', () => {
  test.each(cases.map((each) => [each.name, each] as const))(
    'equal scikit-learn and scipy: %s',
    (_, { targets, predictions, expected }) => {
      const own = regressionMetrics({ targets: Float64Array.from(targets), predictions: Float64Array.from(predictions) })
      expectNumbers(own, expected)
    }
  )

  test('give R² of targets that are all equal as 0, even where their weighted mean rounds', () => {
    const measure = regressionMeasure({ targets: Float64Array.of(2, 2, 2, 0), predictions: new Float64Array(4) })
    const out = new Float64Array(measure.size)
    measure.measure(Int32Array.of(2, 2, 2, 0), out)
    expect(out[2]).toBe(0)
  })

  test('count a row with weight w as w copies of the row, ranks of ties included', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const weights = Int32Array.from(rows, ([, , weight], i) => (i === 0 ? 2 : weight))
        const copies = rows.flatMap((row, i) => new Array<typeof row>(weights[i] ?? 0).fill(row))
        const dataOf = (from: typeof rows) => ({
          targets: Float64Array.from(from, ([y]) => y),
          predictions: Float64Array.from(from, ([, p]) => p)
        })
        const measure = regressionMeasure(dataOf(rows))
        const weighted = new Float64Array(measure.size)
        measure.measure(weights, weighted)
        const copied = measureOnce(regressionMeasure(dataOf(copies)))
        expectNumbers(
          Object.fromEntries(weighted.entries()),
          JSON.parse(JSON.stringify(Object.fromEntries(copied.entries()))),
          1e-12
        )
      })
    )
  })

  test('refuses a prediction that is not a number', () => {
    expect(() => regressionMetrics({ targets: Float64Array.of(1), predictions: Float64Array.of(Infinity) })).toThrow('finite')
  })
})
