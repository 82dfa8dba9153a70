import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareLabels, numberOf } from '../../../../src/main/data/label-order.ts'

const label = fc.oneof(
  fc.string({ unit: fc.constantFrom('0', '1', '2', '9', '.', '-', 'a', 'B', ' '), maxLength: 5 }),
  fc.integer({ min: -20, max: 20 }).map(String)
)

describe('the order of class names', () => {
  it('puts numbers first by value, then text with its numbers by value', () => {
    const names = ['grade 10', 'b', '10', 'grade 2', '-1', 'B', '9', '2.5', 'grade', 'a', '02']
    expect(names.sort(compareLabels)).toEqual(['-1', '02', '2.5', '9', '10', 'B', 'a', 'b', 'grade', 'grade 2', 'grade 10'])
  })

  it('is a total order', () => {
    fc.assert(
      fc.property(label, label, label, (a, b, c) => {
        expect(Math.sign(compareLabels(a, b))).toBe(0 - Math.sign(compareLabels(b, a)))
        expect(compareLabels(a, b) === 0).toBe(a === b)
        if (compareLabels(a, b) < 0 && compareLabels(b, c) < 0) expect(compareLabels(a, c)).toBeLessThan(0)
      }),
      { numRuns: 3000 }
    )
  })
})

describe('a number in a cell', () => {
  it.each(['1', '-0.5', '+3.', '.5', '1e-3', '007'])('is %s', (text) => {
    expect(numberOf(text)).toBe(Number(text))
  })
  it.each(['', '.', '1,5', '0x10', ' 1', 'NaN', 'Infinity', '1e', '--1', '1 000'])('is not %j', (text) => {
    expect(numberOf(text)).toBeNull()
  })
})
