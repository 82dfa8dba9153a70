import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FirstRows } from '../../../../../src/main/data/near/first-rows.ts'
import { RowSets } from '../../../../../src/main/data/near/row-sets.ts'

test('the first row of a number is what a Map says, however many there are and wherever they fall', () => {
  const numbers = fc.array(fc.oneof(fc.integer({ min: 0, max: 60 }), fc.maxSafeNat()), { maxLength: 300 })
  fc.assert(
    fc.property(numbers, fc.integer({ min: 0, max: 50 }), (keys, expected) => {
      const [rows, known] = [new FirstRows(expected), new Map<number, number>()]
      for (const [row, key] of keys.entries()) {
        if (!known.has(key)) known.set(key, row)
        expect(rows.firstOf(key, row)).toBe(known.get(key))
      }
    })
  )
})

test('joined rows are sets, ascending, in order of their first', () => {
  const sets = new RowSets(8)
  for (const [a, b] of [
    [6, 2],
    [5, 1],
    [7, 6]
  ] as const)
    sets.join(a, b)
  expect(sets.areJoined(7, 2)).toBe(true)
  expect(sets.areJoined(7, 1)).toBe(false)
  expect(sets.sets()).toEqual([
    [1, 5],
    [2, 6, 7]
  ])
})
