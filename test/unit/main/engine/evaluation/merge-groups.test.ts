import { describe, expect, test } from 'vitest'
import { mergeGroups } from '../../../../../src/main/engine/evaluation/index.ts'

/** Names of rows: so many of each. */
const rowsOf = (sizes: Readonly<Record<string, number>>): string[] =>
  Object.entries(sizes).flatMap(([name, size]) => Array.from({ length: size }, () => name))
const sizesOf = (groupOf: Int32Array, count: number): number[] =>
  Array.from({ length: count }, (_, g) => groupOf.filter((each) => each === g).length)

describe('groups of rows', () => {
  test('stand alone from 20 rows on, and smaller ones are one', () => {
    const { names, merged, groupOf } = mergeGroups(rowsOf({ 'ward 10': 20, 'ward 9': 40, a: 19, b: 1 }))
    expect([names, merged]).toEqual([['ward 9', 'ward 10'], 2])
    expect(sizesOf(groupOf, 3)).toEqual([40, 20, 20])
  })

  test('keep a single small one on a screen, where its rows can be looked at anyway', () => {
    expect(mergeGroups(rowsOf({ a: 40, b: 3 }))).toMatchObject({ names: ['a', 'b'], merged: 0 })
  })

  test.each([
    ['a single small one', { a: 40, b: 30, c: 3 }, ['a'], 2, [40, 33]],
    ['small ones that are few together', { a: 40, b: 30, c: 3, d: 4 }, ['a'], 3, [40, 37]],
    ['none', { a: 40, b: 30 }, ['a', 'b'], 0, [40, 30]],
    ['nothing but small ones', { a: 4, b: 3 }, [], 2, [7]],
    ['one that is left with a small one', { a: 40, b: 3 }, [], 2, [43]]
  ] as const)('leave none under 20 rows where they are strict: %s', (_, sizes, names, merged, found) => {
    const strict = mergeGroups(rowsOf(sizes), true)
    expect([strict.names, strict.merged]).toEqual([names, merged])
    expect(sizesOf(strict.groupOf, found.length)).toEqual(found)
    // Nobody who reads the numbers can work out those of a smaller group.
    if (strict.names.length > 0) expect(Math.min(...found)).toBeGreaterThanOrEqual(20)
  })
})
